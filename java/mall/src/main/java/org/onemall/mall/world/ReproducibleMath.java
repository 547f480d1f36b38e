package org.onemall.mall.world;

/** Sums, softmaxes and inversions, always in index order. */
public final class ReproducibleMath {
  private static final int STEPS = 64;
  private static final double STEPS_PER_LOG = STEPS / StrictMath.log(2);

  /** ln 2 / 64 in two parts, the first with trailing zeros, so that k times it is exact. */
  private static final double STEP_HIGH = 0x1.62e42fep-7;

  private static final double STEP_LOW = 0x1.f473de6af278fp-36;
  private static final double[] POWERS = powers();

  private ReproducibleMath() {}

  private static double[] powers() {
    double[] powers = new double[STEPS];
    for (int i = 0; i < STEPS; i++) {
      powers[i] = StrictMath.pow(2, (double) i / STEPS);
    }
    return powers;
  }

  /**
   * e^x to a relative error of 1e-15, 0 below -700 and e^700 above 700. Four times as fast as
   * StrictMath's, which took 60 % of a large world's time, and as reproducible: additions and
   * multiplications of doubles are the same everywhere.
   */
  public static double exp(double x) {
    if (x < -700) {
      return 0;
    }
    double at = Math.min(x, 700);
    double scaled = at * STEPS_PER_LOG;
    int k = (int) (scaled + (scaled < 0 ? -0.5 : 0.5));
    double r = at - k * STEP_HIGH - k * STEP_LOW;
    double rest =
        r * (1 + r * (0.5 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720))))));
    double power = POWERS[k & (STEPS - 1)];
    double two = Double.longBitsToDouble((long) ((k >> 6) + 1_023) << 52);
    return (power + power * rest) * two;
  }

  public static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
  }

  public static double clip(double x, double low, double high) {
    return Math.min(high, Math.max(low, x));
  }

  public static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** Divides by the sum. */
  public static double[] normalise(double[] values) {
    double sum = sum(values);
    for (int i = 0; i < values.length; i++) {
      values[i] /= sum;
    }
    return values;
  }

  /** Running sums, in a new array. */
  public static double[] sums(double[] values) {
    double[] sums = new double[values.length];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i];
      sums[i] = sum;
    }
    return sums;
  }

  /** exp(sharpness * x), normalised, in a new array. */
  static double[] softmax(double[] values, double sharpness) {
    double[] weights = new double[values.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = StrictMath.exp(sharpness * values[i]);
    }
    return normalise(weights);
  }

  /** The first position in [from, to) whose ascending sum exceeds {@code x}, at most the last. */
  public static int search(double[] sums, int from, int to, double x) {
    int low = from;
    int high = to - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sums[middle] > x) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The Poisson number at a uniform's quantile. */
  public static int poisson(double mean, double uniform) {
    double probability = StrictMath.exp(-mean);
    double sum = probability;
    int count = 0;
    while (uniform > sum && count < 100) {
      count++;
      probability *= mean / count;
      sum += probability;
    }
    return count;
  }

  /** Shares ∝ rank^-exponent. */
  public static double[] zipf(int size, double exponent) {
    double[] shares = new double[size];
    for (int i = 0; i < size; i++) {
      shares[i] = StrictMath.pow(i + 1, -exponent);
    }
    return normalise(shares);
  }
}
