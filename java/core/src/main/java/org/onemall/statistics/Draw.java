package org.onemall.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Seeded choices of rows. */
public final class Draw {
  private Draw() {}

  /** A random order of {@code 0..size-1}. */
  public static int[] shuffled(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] rows = new int[size];
    for (int i = 0; i < size; i++) {
      int place = random.nextInt(i + 1);
      rows[i] = rows[place];
      rows[place] = i;
    }
    return rows;
  }

  /** {@code most} of {@code 0..size-1} without replacement, all if there are fewer; rising. */
  public static int[] rows(int size, int most, long seed) {
    return Arrays.stream(shuffled(size, seed)).limit(most).sorted().toArray();
  }
}
