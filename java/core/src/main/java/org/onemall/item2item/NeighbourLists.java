package org.onemall.item2item;

import java.util.Arrays;

/** For each item a list of others with a score, best first. */
public final class NeighbourLists {
  private static final int[] NO_ITEMS = {};
  private static final double[] NO_SCORES = {};

  private final int[][] others;
  private final double[][] scores;

  NeighbourLists(int items) {
    others = new int[items][];
    scores = new double[items][];
    Arrays.fill(others, NO_ITEMS);
    Arrays.fill(scores, NO_SCORES);
  }

  void set(int item, int[] others, double[] scores) {
    this.others[item] = others;
    this.scores[item] = scores;
  }

  /** The same lists among {@code items} items, where item i of here is {@code as[i]}. */
  NeighbourLists renumbered(int[] as, int items) {
    NeighbourLists renumbered = new NeighbourLists(items);
    for (int item = 0; item < as.length; item++) {
      int[] named = new int[others[item].length];
      for (int rank = 0; rank < named.length; rank++) {
        named[rank] = as[others[item][rank]];
      }
      renumbered.set(as[item], named, scores[item]);
    }
    return renumbered;
  }

  /** Number of items. */
  public int items() {
    return others.length;
  }

  /** Length of the item's list. */
  public int count(int item) {
    return others[item].length;
  }

  /** The item in place {@code rank} of the item's list. */
  public int other(int item, int rank) {
    return others[item][rank];
  }

  /** The score in place {@code rank} of the item's list. */
  public double score(int item, int rank) {
    return scores[item][rank];
  }
}
