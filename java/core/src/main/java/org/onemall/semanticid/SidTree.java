package org.onemall.semanticid;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.onemall.run.JsonFile;

/**
 * Semantic IDs as a tree for people to browse, {@code sid_tree.json}: the largest codes of each
 * level with what is behind them. Bounded, whatever the catalogue: at most {@value #FIRST_LEVEL}
 * codes at the first level and {@value #LATER_LEVELS} below each code.
 *
 * @param codes codes of the first level that there are, shown or not
 */
public record SidTree(
    String scenario,
    String population,
    List<Integer> sizes,
    int items,
    int codes,
    List<Node> nodes) {
  static final int FIRST_LEVEL = 48;
  static final int LATER_LEVELS = 6;
  private static final int EXAMPLES = 4;
  private static final int CATEGORIES = 3;

  /**
   * A code under its prefix.
   *
   * @param code from the first level on
   * @param items that have it
   * @param categories most frequent ones, with the share of the items
   * @param examples those nearest to what their codes stand for
   * @param codes below it that there are, shown or not
   */
  public record Node(
      List<Integer> code,
      int items,
      Map<String, Double> categories,
      List<Example> examples,
      int codes,
      List<Node> nodes) {}

  /** An item; the picture's path is relative to the source folder. */
  public record Example(int item, String title, @Nullable String picture) {}

  /**
   * Grows the tree.
   *
   * @param codes by level and row
   * @param item of each row
   * @param distances of each row to what its codes stand for
   */
  public static SidTree of(
      String scenario,
      String population,
      int[] sizes,
      int[][] codes,
      int[] item,
      double[] distances,
      ItemLabels labels) {
    int[] rows = IntStream.range(0, item.length).toArray();
    Growth growth = new Growth(codes, item, distances, labels);
    return new SidTree(
        scenario,
        population,
        IntStream.of(sizes).boxed().toList(),
        rows.length,
        growth.groups(rows, 0).size(),
        growth.nodes(rows, List.of()));
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Growth(int[][] codes, int[] item, double[] distances, ItemLabels labels) {
    Map<Integer, List<Integer>> groups(int[] rows, int level) {
      Map<Integer, List<Integer>> groups = new TreeMap<>();
      for (int row : rows) {
        groups.computeIfAbsent(codes[level][row], _ -> new ArrayList<>()).add(row);
      }
      return groups;
    }

    List<Node> nodes(int[] rows, List<Integer> prefix) {
      int level = prefix.size();
      if (level == codes.length) {
        return List.of();
      }
      return groups(rows, level).entrySet().stream()
          .sorted(Comparator.comparingInt(entry -> -entry.getValue().size()))
          .limit(level == 0 ? FIRST_LEVEL : LATER_LEVELS)
          .map(entry -> node(entry.getValue(), prefix, entry.getKey()))
          .toList();
    }

    private Node node(List<Integer> members, List<Integer> prefix, int code) {
      List<Integer> path = new ArrayList<>(prefix);
      path.add(code);
      int[] rows = members.stream().mapToInt(Integer::intValue).toArray();
      boolean leaf = path.size() == codes.length;
      return new Node(
          path,
          rows.length,
          categories(rows),
          examples(members),
          leaf ? 0 : groups(rows, path.size()).size(),
          nodes(rows, path));
    }

    private Map<String, Double> categories(int[] rows) {
      Map<String, Integer> counts = new TreeMap<>();
      for (int row : rows) {
        String category = labels.category(item[row]);
        if (category != null) {
          counts.merge(category, 1, Integer::sum);
        }
      }
      Map<String, Double> top = new LinkedHashMap<>();
      counts.entrySet().stream()
          .sorted(Comparator.comparingInt(entry -> -entry.getValue()))
          .limit(CATEGORIES)
          .forEach(entry -> top.put(entry.getKey(), (double) entry.getValue() / rows.length));
      return top;
    }

    private List<Example> examples(List<Integer> members) {
      return members.stream()
          .sorted(Comparator.comparingDouble(row -> distances[row]))
          .limit(EXAMPLES)
          .map(row -> new Example(item[row], labels.title(item[row]), labels.picture(item[row])))
          .toList();
    }
  }

  /** Writes it as JSON; the stream stays open. */
  public void write(OutputStream out) throws IOException {
    JsonFile.write(this, out);
  }
}
