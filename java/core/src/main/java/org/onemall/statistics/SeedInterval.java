package org.onemall.statistics;

import java.util.Map;

/**
 * Mean over seeds and its 95 % t-interval (Student): few seeds give a wide one. Not a number where
 * some seed has no such figure.
 *
 * @param bySeed what it is the mean of
 */
public record SeedInterval(double mean, double low, double high, Map<Long, Double> bySeed)
    implements Interval {
  /** Quantile .975 of Student's t for 1 to 30 degrees of freedom. */
  private static final double[] T = {
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788,
    2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639,
    2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423
  };

  /** Of two seeds or more: one alone shows no noise. */
  public static SeedInterval of(Map<Long, Double> bySeed) {
    int n = bySeed.size();
    if (n < 2) {
      throw new IllegalArgumentException("seeds: expected 2 or more, found " + bySeed.keySet());
    }
    double mean = bySeed.values().stream().mapToDouble(Double::doubleValue).sum() / n;
    double squares = 0;
    for (double value : bySeed.values()) {
      squares += (value - mean) * (value - mean);
    }
    double half = quantile(n - 1) * Math.sqrt(squares / (n - 1) / n);
    return new SeedInterval(mean, mean - half, mean + half, bySeed);
  }

  /** Beyond the table: the first terms of its expansion around the normal quantile. */
  static double quantile(int degrees) {
    return degrees <= T.length
        ? T[degrees - 1]
        : 1.95996 + 2.37227 / degrees + 2.82250 / degrees / degrees;
  }

  /** Whether all seeds have it. */
  public boolean known() {
    return !Double.isNaN(mean);
  }
}
