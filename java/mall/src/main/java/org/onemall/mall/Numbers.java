package org.onemall.mall;

/** Sums, softmaxes and inversions, always in index order. */
final class Numbers {
  private Numbers() {}

  static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  static double clip(double x, double low, double high) {
    return Math.min(high, Math.max(low, x));
  }

  static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** Divides by the sum. */
  static double[] normalise(double[] values) {
    double sum = sum(values);
    for (int i = 0; i < values.length; i++) {
      values[i] /= sum;
    }
    return values;
  }

  /** Running sums, in a new array. */
  static double[] sums(double[] values) {
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
  static int search(double[] sums, int from, int to, double x) {
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
  static int poisson(double mean, double uniform) {
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
  static double[] zipf(int size, double exponent) {
    double[] shares = new double[size];
    for (int i = 0; i < size; i++) {
      shares[i] = StrictMath.pow(i + 1, -exponent);
    }
    return normalise(shares);
  }
}
