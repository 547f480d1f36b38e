package org.onemall.semanticid;

import java.util.Random;

/** Random SIDs for tests. */
public final class RandomSids {
  private RandomSids() {}

  /** Codes by level and item, skewed to low ones. */
  public static int[][] codes(Random random, int[] sizes, int items) {
    int[][] codes = new int[sizes.length][items];
    for (int level = 0; level < sizes.length; level++) {
      for (int item = 0; item < items; item++) {
        codes[level][item] = (int) (sizes[level] * Math.pow(random.nextDouble(), 1.5));
      }
    }
    return codes;
  }

  public static SidIndex index(Random random, int[] sizes, int items) {
    return SidIndex.of(SemanticIds.of(sizes, codes(random, sizes, items)), 0);
  }
}
