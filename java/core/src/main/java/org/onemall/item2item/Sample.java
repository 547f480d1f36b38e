package org.onemall.item2item;

import java.util.Arrays;

/** Seeded samples that depend on what is sampled, never on the order of the work. */
final class Sample {
  private Sample() {}

  /**
   * At most {@code most} of {@code values}, in their order: those with the lowest hash under {@code
   * seed} and {@code of}.
   */
  static int[] of(int[] values, int most, long seed, int of) {
    if (values.length <= most) {
      return values;
    }
    long[] hashes = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      hashes[i] = mix(mix(seed ^ of) ^ values[i]);
    }
    long[] sorted = hashes.clone();
    Arrays.sort(sorted);
    long bound = sorted[most - 1];
    int[] kept = new int[most];
    int size = 0;
    for (int i = 0; i < values.length && size < most; i++) {
      if (hashes[i] <= bound) {
        kept[size++] = values[i];
      }
    }
    return kept;
  }

  /** A number in [0, 1) that is drawn by {@code seed} and {@code of}. */
  static double unit(long seed, long of) {
    return (mix(mix(seed) ^ of) >>> 11) * 0x1p-53;
  }

  /** SplitMix64's finalizer: a bijection, so that distinct values never share a hash. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
