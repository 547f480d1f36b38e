package org.onemall.beam;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.onemall.semanticid.SidIndex;
import org.onemall.tensor.Tensor;

/**
 * How popular each child of the trie is given its prefix, by snapshot: the log of its share of the
 * items' smoothed counts under that prefix. Every item counts {@code smoothing} more than it was
 * counted, so that without events each SID is as likely as it has items. Immutable to its users.
 */
public final class PopularityPrior {
  private final Trie trie;

  private final SidIndex index;
  private final float[][] counts;
  private final double smoothing;

  /**
   * Snapshot + 1: level, child; added up when first asked for, to the same values by any thread.
   */
  private final AtomicReferenceArray<float[][]> logShares;

  private PopularityPrior(Trie trie, SidIndex index, float[][] counts, double smoothing) {
    this.trie = trie;
    this.index = index;
    this.counts = counts;
    this.smoothing = smoothing;
    this.logShares = new AtomicReferenceArray<>(counts.length + 1);
  }

  /**
   * The prior of some counts.
   *
   * @param counts by snapshot and item, 0 or more; lent for as long as the prior lives
   * @param smoothing more than 0
   */
  public static PopularityPrior of(Trie trie, SidIndex index, float[][] counts, double smoothing) {
    if (!(smoothing > 0)) {
      throw new IllegalArgumentException(
          "popularity prior: expected a smoothing of more than 0, found " + smoothing);
    }
    return new PopularityPrior(trie, index, counts, smoothing);
  }

  private static float[][] logShares(Trie trie, SidIndex index, float[] counts, double smoothing) {
    int last = trie.levels() - 1;
    double[] sums = new double[trie.children(last)];
    for (int leaf = 0; leaf < sums.length; leaf++) {
      for (int i = 0; i < index.count(leaf); i++) {
        int item = index.item(leaf, i);
        sums[leaf] += smoothing + (item < counts.length ? counts[item] : 0);
      }
    }
    float[][] logShares = new float[trie.levels()][];
    for (int level = last; level >= 0; level--) {
      int nodes = level == 0 ? 1 : trie.children(level - 1);
      double[] parents = new double[nodes];
      logShares[level] = new float[sums.length];
      for (int node = 0; node < nodes; node++) {
        for (int child = trie.from(level, node); child < trie.to(level, node); child++) {
          parents[node] += sums[child];
        }
        for (int child = trie.from(level, node); child < trie.to(level, node); child++) {
          logShares[level][child] = (float) StrictMath.log(sums[child] / parents[node]);
        }
      }
      sums = parents;
    }
    return logShares;
  }

  /**
   * Writes the log share, in a snapshot, of every code of {@code level} given the codes {@code
   * prefix[0..level)}: one float per code of the level from flat index {@code start} of {@code
   * out}; negative infinity where no SID continues the prefix that way. Snapshot -1 knows no
   * events.
   */
  public void fill(int snapshot, int[] prefix, int level, Tensor out, long start) {
    for (int code = 0; code < trie.size(level); code++) {
      out.setFloat(start + code, Float.NEGATIVE_INFINITY);
    }
    int node = trie.node(prefix, level);
    if (node < 0) {
      return;
    }
    float[] values = of(snapshot, level);
    for (int child = trie.from(level, node); child < trie.to(level, node); child++) {
      out.setFloat(start + trie.code(level, child), values[child]);
    }
  }

  /** The log share of every child of a level; not to be written. */
  float[] of(int snapshot, int level) {
    if (snapshot < -1 || snapshot + 1 >= logShares.length()) {
      throw new IllegalArgumentException(
          "popularity prior: expected a snapshot from -1 to %d, found %d"
              .formatted(logShares.length() - 2, snapshot));
    }
    float[][] known = logShares.get(snapshot + 1);
    if (known == null) {
      float[] counted = snapshot < 0 ? new float[0] : counts[snapshot];
      known = logShares(trie, index, counted, smoothing);
      logShares.set(snapshot + 1, known);
    }
    return known[level];
  }
}
