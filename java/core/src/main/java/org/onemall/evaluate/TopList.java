package org.onemall.evaluate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first k of a list by falling score. Equal scores go by item id, which says nothing of an
 * item: ids were drawn at random when the source was read. Scratch of one thread.
 */
final class TopList {
  private final int k;

  /** Twice as many as are kept: sorted and halved whenever it is full, n + (n / k) k log k. */
  private final long[] keys;

  private int size;

  TopList(int k) {
    this.k = k;
    keys = new long[2 * k];
  }

  /**
   * Takes the first k of {@code list[0..count)} by {@code scores}; no list stands for all items by
   * id. -inf keeps an item out.
   */
  void of(int @Nullable [] list, float[] scores, int count) {
    size = 0;
    long least = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      long key = key(scores[i], list == null ? i : list[i]);
      if (scores[i] == Float.NEGATIVE_INFINITY || key <= least) {
        continue;
      }
      keys[size++] = key;
      if (size == keys.length) {
        keep();
        least = keys[0];
      }
    }
    keep();
  }

  private void keep() {
    Arrays.sort(keys, 0, size);
    int kept = Math.min(k, size);
    System.arraycopy(keys, size - kept, keys, 0, kept);
    size = kept;
  }

  /** Orders as scores do, then as falling ids; 0 and -0 are equal. */
  private static long key(float score, int item) {
    int bits = Float.floatToIntBits(score + 0f);
    bits ^= (bits >> 31) & Integer.MAX_VALUE;
    return ((long) bits << 32) | (~item & 0xffffffffL);
  }

  int size() {
    return size;
  }

  /** The item at {@code place}, 0 for the first. */
  int item(int place) {
    return ~(int) keys[size - 1 - place];
  }
}
