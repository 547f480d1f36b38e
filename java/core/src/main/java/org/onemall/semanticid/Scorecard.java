package org.onemall.semanticid;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.onemall.run.JsonFile;
import org.onemall.tensor.Tensor;

/**
 * How well SIDs tell items apart (Table 5 of the paper) and keep like items together, before and
 * after conflicts were resolved.
 *
 * @param items that were counted: all of the scenario, or the rooms on air at its busiest hour
 * @param moved items that conflict resolution gave another last-level code
 * @param more what else was measured
 */
public record Scorecard(
    int items,
    List<Integer> sizes,
    int moved,
    Figures before,
    Figures after,
    @Nullable Details more) {
  /**
   * What is measured beside the codes of one moment.
   *
   * @param population what {@code items} counts
   * @param wanted codes of each level as the settings have it
   * @param distances of vectors to what their codes stand for
   * @param variants figures before conflict resolution by kind of the last level: k-means, FSQ
   * @param neighbours the vectors and their SIDs as neighbours
   * @param mixtures other vectors of the same items, with k-means levels only
   * @param churn of rooms, by what lets them keep their codes: nothing, hysteresis, the session
   */
  public record Details(
      String population,
      List<Integer> wanted,
      CodeDistances distances,
      Map<String, Figures> variants,
      @Nullable NeighbourHits neighbours,
      List<Mixture> mixtures,
      Map<String, Churn> churn) {
    public Details {
      wanted = List.copyOf(wanted);
      variants = new TreeMap<>(variants);
      mixtures = List.copyOf(mixtures);
      churn = new TreeMap<>(churn);
    }
  }

  /** Vectors of embedding and tower with those weights, quantised by k-means levels. */
  public record Mixture(
      double embedding, double tower, Figures figures, NeighbourHits neighbours) {}

  /**
   * Figures of one set of SIDs.
   *
   * @param sids distinct ones
   * @param conflict share of the items whose SID another item has too
   * @param exclusive share of the SIDs in use that belong to one item
   */
  public record Figures(int sids, double conflict, double exclusive, List<Level> levels) {}

  /**
   * Figures of one level.
   *
   * @param used codes that at least one item has
   * @param use their share
   * @param entropy of the codes over the items, in bits; at most log2 of the size
   * @param gini of the items per code, unused codes included: 0 = all equal
   * @param neighbourAgreement share of the 10 nearest items by cosine that have the same codes up
   *     to this level
   */
  public record Level(
      int used, double use, double entropy, double gini, double neighbourAgreement) {}

  /**
   * Measures.
   *
   * @param sizes codes of each level
   * @param before codes by level and item
   * @param after the same after conflict resolution
   * @param vectors what was coded, float32 (N, D)
   */
  public static Scorecard of(
      int[] sizes, int[][] before, int[][] after, Tensor vectors, int threads) {
    int last = sizes.length - 1;
    int items = before[0].length;
    int moved =
        (int) IntStream.range(0, items).filter(i -> before[last][i] != after[last][i]).count();
    CosineNeighbours neighbours = CosineNeighbours.of(vectors, threads);
    return new Scorecard(
        items,
        Arrays.stream(sizes).boxed().toList(),
        moved,
        figures(sizes, before, neighbours),
        figures(sizes, after, neighbours),
        null);
  }

  /** Figures of other codes of the same items. */
  public static Figures figures(int[] sizes, int[][] codes, Tensor vectors, int threads) {
    return figures(sizes, codes, CosineNeighbours.of(vectors, threads));
  }

  /** The same with what else was measured. */
  public Scorecard with(Details details) {
    return new Scorecard(items, sizes, moved, before, after, details);
  }

  private static Figures figures(int[] sizes, int[][] codes, CosineNeighbours neighbours) {
    long[] keys = SidIndex.keys(sizes, codes, sizes.length);
    Arrays.sort(keys);
    int sids = 0;
    int alone = 0;
    for (int from = 0, to; from < keys.length; from = to) {
      to = from + 1;
      while (to < keys.length && keys[to] == keys[from]) {
        to++;
      }
      sids++;
      alone += to - from == 1 ? 1 : 0;
    }
    List<Level> levels =
        IntStream.range(0, sizes.length)
            .mapToObj(level -> level(sizes, codes, level, neighbours))
            .toList();
    return new Figures(sids, 1 - share(alone, keys.length), share(alone, sids), levels);
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static Level level(int[] sizes, int[][] codes, int level, CosineNeighbours neighbours) {
    int size = sizes[level];
    int[] counts = new int[size];
    for (int code : codes[level]) {
      counts[code]++;
    }
    Arrays.sort(counts);
    int items = codes[level].length;
    int used = 0;
    double entropy = 0;
    double ranked = 0;
    for (int i = 0; i < size; i++) {
      if (counts[i] > 0) {
        used++;
        double share = share(counts[i], items);
        entropy -= share * Math.log(share) / Math.log(2);
      }
      ranked += (i + 1.0) * counts[i];
    }
    double gini = items == 0 ? 0 : 2 * ranked / ((double) size * items) - (size + 1.0) / size;
    long[] prefixes = SidIndex.keys(sizes, codes, level + 1);
    return new Level(used, share(used, size), entropy, gini, agreement(prefixes, neighbours));
  }

  private static double agreement(long[] prefixes, CosineNeighbours neighbours) {
    long agree = 0;
    long all = 0;
    for (int i = 0; i < neighbours.queries().length; i++) {
      for (int neighbour : neighbours.neighbours()[i]) {
        agree += prefixes[neighbour] == prefixes[neighbours.queries()[i]] ? 1 : 0;
        all++;
      }
    }
    return share(agree, all);
  }

  /** Reads what {@link #write} wrote. */
  public static Scorecard read(Path file) throws IOException {
    return JsonFile.read(file, Scorecard.class);
  }

  /** Writes it as JSON; the stream stays open. */
  public void write(OutputStream out) throws IOException {
    JsonFile.write(this, out);
  }
}
