package org.onemall.baseline;

import org.onemall.shop.Baskets;
import org.onemall.shop.Periods;

/** How often each item was taken in a span of time, relative to the most frequent one: 0..1. */
final class Shares {
  private final float[] shares;

  private Shares(float[] shares) {
    this.shares = shares;
  }

  /** In requests before {@code moment}, those of the last {@code days} only. */
  static Shares recent(Baskets baskets, long moment, int days) {
    return between(baskets, moment - days * Periods.DAY_MS, moment);
  }

  /** In all requests before {@code moment}. */
  static Shares ever(Baskets baskets, long moment) {
    return between(baskets, Long.MIN_VALUE, moment);
  }

  private static Shares between(Baskets baskets, long from, long to) {
    float[] counts = new float[baskets.items()];
    float most = 1;
    for (int request = baskets.before(from); request < baskets.before(to); request++) {
      for (int i = baskets.start(request); i < baskets.end(request); i++) {
        most = Math.max(most, ++counts[baskets.item(i)]);
      }
    }
    for (int item = 0; item < counts.length; item++) {
      counts[item] /= most;
    }
    return new Shares(counts);
  }

  /** Overwrites {@code scores} by {@code weight} times the shares. */
  void copyTo(float[] scores, double weight) {
    for (int item = 0; item < scores.length; item++) {
      scores[item] = (float) (weight * shares[item]);
    }
  }
}
