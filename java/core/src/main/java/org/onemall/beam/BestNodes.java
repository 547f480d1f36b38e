package org.onemall.beam;

import java.util.Arrays;

/**
 * Keeps the best of a stream of (score, node): higher scores first, ties to the lower node. Scores
 * and nodes are packed in one long each whose order is theirs; what can't be kept any more is
 * refused by a threshold, and a full buffer is cut by a quickselect.
 */
final class BestNodes {
  private final long[] keys;
  private int width;
  private int count;
  private float threshold;

  BestNodes(int width) {
    keys = new long[Math.max(64, 4 * width)];
    reset(width);
  }

  /** Forgets everything; from now on keeps {@code width}, at most that of the constructor. */
  void reset(int width) {
    this.width = width;
    count = 0;
    threshold = -Float.MAX_VALUE;
  }

  /** Lower scores than this can't be kept any more; never negative infinity. */
  float threshold() {
    return threshold;
  }

  void add(float score, int node) {
    keys[count++] = key(score, node);
    if (count == keys.length) {
      cut();
    }
  }

  private void cut() {
    select(width);
    count = width;
    long worst = keys[0];
    for (int i = 1; i < width; i++) {
      worst = Math.max(worst, keys[i]);
    }
    threshold = score(worst);
  }

  /** Sorts what is kept, best first, and returns how many. */
  int finish() {
    if (count > width) {
      select(width);
      count = width;
    }
    Arrays.sort(keys, 0, count);
    return count;
  }

  /** The score of the i-th best after {@link #finish}. */
  float score(int i) {
    return score(keys[i]);
  }

  /** The node of the i-th best after {@link #finish}. */
  int node(int i) {
    return (int) keys[i];
  }

  private static long key(float score, int node) {
    int bits = Float.floatToRawIntBits(score + 0f);
    int ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE);
    return (long) ~ascending << 32 | node;
  }

  private static float score(long key) {
    int ascending = ~(int) (key >> 32);
    return Float.intBitsToFloat(ascending ^ (ascending >> 31 & Integer.MAX_VALUE));
  }

  /** Brings the {@code k} least keys to the front (Hoare's quickselect; all keys differ). */
  private void select(int k) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      long pivot = median(keys[low], keys[(low + high) >>> 1], keys[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (keys[i] < pivot) {
          i++;
        }
        while (keys[j] > pivot) {
          j--;
        }
        if (i <= j) {
          long key = keys[i];
          keys[i++] = keys[j];
          keys[j--] = key;
        }
      }
      if (k - 1 <= j) {
        high = j;
      } else if (k - 1 >= i) {
        low = i;
      } else {
        return;
      }
    }
  }

  private static long median(long a, long b, long c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
