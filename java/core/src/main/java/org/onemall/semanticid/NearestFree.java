package org.onemall.semanticid;

import it.unimi.dsi.fastutil.doubles.DoubleArrays;
import java.util.BitSet;

/**
 * Resolves conflicts under one prefix after the other: of the items that share a SID the nearest
 * one keeps it, the others, nearest first, take the nearest last-level code that is free under
 * their prefix. Where there is none left they go on sharing. Prefixes never change; ties go to the
 * lower item and the lower code.
 */
public final class NearestFree {
  private NearestFree() {}

  /**
   * Changes the last level of {@code codes}.
   *
   * @param sizes codes of each level
   * @param codes by level and item
   * @return number of items that moved
   */
  public static int resolve(int[] sizes, int[][] codes, CodeDistance distance) {
    int[] last = codes[codes.length - 1];
    long[] prefixes = SidIndex.keys(sizes, codes, codes.length - 1);
    int[] order = SidIndex.sorted(prefixes);
    int moved = 0;
    for (int from = 0, to; from < order.length; from = to) {
      to = from + 1;
      while (to < order.length && prefixes[order[to]] == prefixes[order[from]]) {
        to++;
      }
      moved += resolve(order, from, to, last, sizes[sizes.length - 1], distance);
    }
    return moved;
  }

  private static int resolve(
      int[] order, int from, int to, int[] last, int size, CodeDistance distance) {
    BitSet taken = new BitSet(size);
    for (int i = from; i < to; i++) {
      taken.set(last[order[i]]);
    }
    if (taken.cardinality() == to - from) {
      return 0;
    }
    int[] items = nearestFirst(order, from, to, last, distance);
    BitSet kept = new BitSet(size);
    int moved = 0;
    for (int item : items) {
      if (!kept.get(last[item])) {
        kept.set(last[item]);
        continue;
      }
      int code = nearest(item, taken, size, distance);
      if (code < 0) {
        continue;
      }
      taken.set(code);
      kept.set(code);
      last[item] = code;
      moved++;
    }
    return moved;
  }

  private static int[] nearestFirst(
      int[] order, int from, int to, int[] last, CodeDistance distance) {
    double[] distances = new double[to - from];
    int[] ranks = new int[to - from];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = i;
      distances[i] = distance.of(order[from + i], last[order[from + i]]);
    }
    DoubleArrays.radixSortIndirect(ranks, distances, true);
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = order[from + ranks[i]];
    }
    return ranks;
  }

  private static int nearest(int item, BitSet taken, int size, CodeDistance distance) {
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int code = taken.nextClearBit(0); code < size; code = taken.nextClearBit(code + 1)) {
      double of = distance.of(item, code);
      if (of < least) {
        least = of;
        best = code;
      }
    }
    return best;
  }
}
