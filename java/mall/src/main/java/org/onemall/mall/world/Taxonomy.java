package org.onemall.mall.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** 12 top categories of 10 leaves; a leaf is {@code top * 10 + j}. The same in every world. */
public final class Taxonomy {
  public static final int TOPS = 12;
  public static final int LEAVES_OF_TOP = 10;
  public static final int LEAVES = TOPS * LEAVES_OF_TOP;
  public static final double FIRST_COMPLEMENT = 0.7;

  private final String[] tops = new String[TOPS];
  private final String[] nouns = new String[LEAVES];
  private final String[] synonyms = new String[LEAVES];
  private final double[] medianPrices = new double[LEAVES];
  private final boolean[] consumable = new boolean[LEAVES];
  private final int[] first = new int[LEAVES];
  private final int[] second = new int[LEAVES];

  Taxonomy() {
    Map<String, Integer> byNoun = new HashMap<>();
    int top = 0;
    for (String line : lines("leaves.txt")) {
      int colon = line.indexOf(": ");
      tops[top] = line.substring(0, colon);
      String[] leaves = line.substring(colon + 2).split(",");
      for (int j = 0; j < LEAVES_OF_TOP; j++) {
        int leaf = top * LEAVES_OF_TOP + j;
        read(leaf, leaves[j]);
        byNoun.put(nouns[leaf], leaf);
        first[leaf] = top * LEAVES_OF_TOP + (j + 1) % LEAVES_OF_TOP;
        second[leaf] = top * LEAVES_OF_TOP + (j + 3) % LEAVES_OF_TOP;
      }
      top++;
    }
    for (String line : lines("complements.txt")) {
      String[] sides = line.split(" -> |,");
      int leaf = leaf(byNoun, sides[0]);
      first[leaf] = leaf(byNoun, sides[1]);
      second[leaf] = leaf(byNoun, sides[2]);
    }
  }

  private void read(int leaf, String text) {
    int slash = text.indexOf('/');
    int colon = text.indexOf(':');
    nouns[leaf] = text.substring(0, slash);
    synonyms[leaf] = text.substring(slash + 1, colon);
    String price = text.substring(colon + 1);
    consumable[leaf] = price.endsWith("*");
    medianPrices[leaf] = Double.parseDouble(price.replace("*", ""));
  }

  private static int leaf(Map<String, Integer> byNoun, String noun) {
    Integer leaf = byNoun.get(noun);
    if (leaf == null) {
      throw new IllegalStateException("complements.txt: no leaf is called '" + noun + "'");
    }
    return leaf;
  }

  private static List<String> lines(String resource) {
    try (InputStream in = Taxonomy.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static int top(int leaf) {
    return leaf / LEAVES_OF_TOP;
  }

  public String topName(int top) {
    return tops[top];
  }

  /** The path of a leaf category, such as {@code Women Fashion/summer dress}. */
  public String path(int leaf) {
    return tops[top(leaf)] + "/" + nouns[leaf];
  }

  String noun(int leaf) {
    return nouns[leaf];
  }

  String synonym(int leaf) {
    return synonyms[leaf];
  }

  /** In yuan. */
  double medianPrice(int leaf) {
    return medianPrices[leaf];
  }

  public boolean isConsumable(int leaf) {
    return consumable[leaf];
  }

  public int firstComplement(int leaf) {
    return first[leaf];
  }

  public int secondComplement(int leaf) {
    return second[leaf];
  }
}
