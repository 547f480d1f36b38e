package org.onemall.mall.world;

import java.util.Arrays;

/**
 * What of one kind (products on cards, or e-commerce videos) is on sale on a day, grouped by leaf,
 * with the day's popularity. A leaf with more goods than {@value #POPULAR} + {@value #HASHED}
 * offers the personal policy only its most popular ones and some by hash; the rest is reached by
 * the uniform and the popular part.
 */
public final class GoodsOnSale {
  static final int POPULAR = 300;
  static final int HASHED = 100;

  /** All goods on sale, in the order of their leaves. */
  public final int[] goods;

  /** Running sums over {@link #goods} of the popularity; the last is 1. */
  public final double[] popularitySums;

  /** Goods that the personal policy chooses from; those of leaf l from {@code from[l]} on. */
  public final int[] personal;

  public final int[] from;

  /** By goods: the share of the popularity, 0 = not on sale. */
  public final float[] popularity;

  /** By goods: the place in {@link #personal}, -1 = not there. */
  public final int[] place;

  GoodsOnSale(LeafRows leaves, double[] weights, long key) {
    int size = weights.length;
    popularity = new float[size];
    place = new int[size];
    Arrays.fill(place, -1);
    double total = ReproducibleMath.sum(weights);
    int[] on = new int[size];
    int[] kept = new int[size];
    from = new int[Taxonomy.LEAVES + 1];
    int count = 0;
    int keptCount = 0;
    for (int l = 0; l < Taxonomy.LEAVES; l++) {
      int start = count;
      for (int row = leaves.from[l]; row < leaves.from[l + 1]; row++) {
        int good = leaves.rows[row];
        if (weights[good] > 0) {
          on[count++] = good;
          popularity[good] = (float) (weights[good] / total);
        }
      }
      int[] short0 = shortlist(Arrays.copyOfRange(on, start, count), key);
      for (int good : short0) {
        place[good] = keptCount;
        kept[keptCount++] = good;
      }
      from[l + 1] = keptCount;
    }
    goods = Arrays.copyOf(on, count);
    personal = Arrays.copyOf(kept, keptCount);
    popularitySums = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += popularity[goods[i]];
      popularitySums[i] = sum;
    }
  }

  private int[] shortlist(int[] of, long key) {
    if (of.length <= POPULAR + HASHED) {
      return of;
    }
    long[] order = new long[of.length];
    for (int i = 0; i < of.length; i++) {
      order[i] = (~(long) Float.floatToIntBits(popularity[of[i]]) << 32) | i;
    }
    Arrays.sort(order);
    int[] kept = new int[POPULAR + HASHED];
    for (int i = 0; i < POPULAR; i++) {
      kept[i] = of[(int) order[i]];
    }
    long[] rest = new long[of.length - POPULAR];
    for (int i = 0; i < rest.length; i++) {
      int good = of[(int) order[POPULAR + i]];
      rest[i] = (HashRandom.bits(key, DrawPurpose.POLICY, good) & ~0xFFFFFFFFL) | good;
    }
    Arrays.sort(rest);
    for (int i = 0; i < HASHED; i++) {
      kept[POPULAR + i] = (int) rest[i];
    }
    Arrays.sort(kept);
    return kept;
  }

  boolean isOnSale(int good) {
    return popularity[good] > 0;
  }
}
