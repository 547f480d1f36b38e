package org.onemall.mall.world;

import java.util.SplittableRandom;

/** A seeded generator with the distributions of the world; StrictMath only. */
public final class Dice {
  private final SplittableRandom random;

  public Dice(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Uniform in (0, 1). */
  public double uniform() {
    return (random.nextLong() >>> 11) * 0x1.0p-53 + 0x1.0p-54;
  }

  public double uniform(double low, double high) {
    return low + (high - low) * uniform();
  }

  public boolean chance(double probability) {
    return uniform() < probability;
  }

  /** Uniform in [0, bound). */
  public int index(int bound) {
    return random.nextInt(bound);
  }

  <T> T one(T[] of) {
    return of[index(of.length)];
  }

  public double normal() {
    return NormalQuantile.quantile(uniform());
  }

  double exponential(double mean) {
    return -mean * StrictMath.log(uniform());
  }

  /** Gamma of scale 1 (Marsaglia and Tsang 2000). */
  public double gamma(double shape) {
    if (shape < 1) {
      return gamma(shape + 1) * ReproducibleMath.exp(StrictMath.log(uniform()) / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / (3 * Math.sqrt(d));
    while (true) {
      double x = normal();
      double root = 1 + c * x;
      if (root > 0) {
        double v = root * root * root;
        if (StrictMath.log(uniform()) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
          return d * v;
        }
      }
    }
  }

  int poisson(double mean) {
    return ReproducibleMath.poisson(mean, uniform());
  }

  /** Position in a table of ascending sums whose last entry is the total. */
  public int pick(double[] sums) {
    return ReproducibleMath.search(sums, 0, sums.length, uniform() * sums[sums.length - 1]);
  }

  /** Fisher-Yates. */
  void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = index(i + 1);
      int held = values[i];
      values[i] = values[j];
      values[j] = held;
    }
  }
}
