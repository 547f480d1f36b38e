package org.onemall.semanticid;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrays;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * From SIDs to items. A leaf is a SID that at least one item has; leaves are numbered in the order
 * of their codes. Immutable.
 */
public final class SidIndex {
  private final int[] sizes;

  /** The SID of each leaf as one number in the mixed radix of the sizes. */
  private final long[] keys;

  private final int[] starts;
  private final int[] items;

  private SidIndex(int[] sizes, long[] keys, int[] starts, int[] items) {
    this.sizes = sizes;
    this.keys = keys;
    this.starts = starts;
    this.items = items;
  }

  /** The SIDs that are valid at a moment. */
  public static SidIndex of(SemanticIds ids, long timeMs) {
    return of(ids, timeMs, _ -> true);
  }

  /** The SIDs that are valid at a moment, of some items. */
  public static SidIndex of(SemanticIds ids, long timeMs, IntPredicate items) {
    IntArrayList with = new IntArrayList();
    for (int item = 0; item < ids.items(); item++) {
      if (ids.has(item) && items.test(item)) {
        with.add(item);
      }
    }
    int[][] codes = new int[ids.levels()][with.size()];
    int[] sid = new int[ids.levels()];
    for (int i = 0; i < with.size(); i++) {
      ids.codes(with.getInt(i), timeMs, sid);
      for (int level = 0; level < sid.length; level++) {
        codes[level][i] = sid[level];
      }
    }
    return of(ids.sizes(), codes, with.toIntArray());
  }

  private static SidIndex of(int[] sizes, int[][] codes, int[] itemOf) {
    long[] keyOf = keys(sizes, codes, sizes.length);
    int[] order = sorted(keyOf);
    long[] keys = new long[order.length];
    int[] starts = new int[order.length + 1];
    int leaf = -1;
    for (int i = 0; i < order.length; i++) {
      long key = keyOf[order[i]];
      if (leaf < 0 || key != keys[leaf]) {
        keys[++leaf] = key;
        starts[leaf] = i;
      }
      order[i] = itemOf[order[i]];
    }
    starts[leaf + 1] = order.length;
    return new SidIndex(
        sizes, Arrays.copyOf(keys, leaf + 1), Arrays.copyOf(starts, leaf + 2), order);
  }

  /** The first {@code depth} codes of each item as one number that sorts as they do. */
  static long[] keys(int[] sizes, int[][] codes, int depth) {
    long all = 1;
    for (int size : sizes) {
      all = Math.multiplyExact(all, size);
    }
    long[] keys = new long[codes[0].length];
    for (int level = 0; level < depth; level++) {
      for (int i = 0; i < keys.length; i++) {
        keys[i] = keys[i] * sizes[level] + codes[level][i];
      }
    }
    return keys;
  }

  /** Positions in the order of their keys; equal keys stay in order. */
  static int[] sorted(long[] keys) {
    int[] order = new int[keys.length];
    Arrays.setAll(order, i -> i);
    LongArrays.radixSortIndirect(order, keys, true);
    return order;
  }

  /** Number of distinct SIDs. */
  public int leaves() {
    return keys.length;
  }

  public int levels() {
    return sizes.length;
  }

  /** A copy of the number of codes of each level. */
  public int[] sizes() {
    return sizes.clone();
  }

  /** Fills {@code out} with the codes of a leaf. */
  public void codes(int leaf, int[] out) {
    long key = keys[leaf];
    for (int level = sizes.length - 1; level >= 0; level--) {
      out[level] = (int) (key % sizes[level]);
      key /= sizes[level];
    }
  }

  /** How many items share a leaf. */
  public int count(int leaf) {
    return starts[leaf + 1] - starts[leaf];
  }

  /** The {@code i}-th item of a leaf, ascending. */
  public int item(int leaf, int i) {
    return items[starts[leaf] + i];
  }
}
