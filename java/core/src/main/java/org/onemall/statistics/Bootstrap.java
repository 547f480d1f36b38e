package org.onemall.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Cluster bootstrap: whole groups (users, anchors of pairs, products) are drawn with replacement,
 * since what one group gives is not independent, and each metric is a ratio of sums. All columns
 * see the same draws, so the difference of two models is paired. Percentile intervals (Efron), 95
 * %.
 */
public final class Bootstrap {
  private static final double TAIL = 0.025;

  private final double[][] sums;
  private final double[] observed;

  /**
   * Draws {@code samples} times.
   *
   * @param columns (statistics, groups): the sum of each statistic over each group
   */
  public Bootstrap(double[][] columns, int groups, int samples, long seed) {
    for (double[] column : columns) {
      if (column.length != groups) {
        throw new IllegalArgumentException(
            "bootstrap: expected %d groups in each column, found %d"
                .formatted(groups, column.length));
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    sums = new double[columns.length][samples];
    int[] times = new int[groups];
    for (int sample = 0; sample < samples; sample++) {
      Arrays.fill(times, 0);
      for (int draw = 0; draw < groups; draw++) {
        times[random.nextInt(groups)]++;
      }
      for (int column = 0; column < columns.length; column++) {
        double sum = 0;
        double[] values = columns[column];
        for (int group = 0; group < groups; group++) {
          sum += times[group] * values[group];
        }
        sums[column][sample] = sum;
      }
    }
    observed = new double[columns.length];
    for (int column = 0; column < columns.length; column++) {
      observed[column] = Arrays.stream(columns[column]).sum();
    }
  }

  /** Whether the ratio has something to divide by. */
  public boolean defined(int total) {
    return observed[total] > 0;
  }

  /** The ratio of two statistics. */
  public Estimate ratio(int value, int total) {
    double[] ratios = new double[sums[value].length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = sums[value][i] / sums[total][i];
    }
    return estimate(observed[value] / observed[total], ratios);
  }

  /** The paired difference of two ratios with the same total. */
  public Estimate difference(int value, int otherValue, int total) {
    double[] differences = new double[sums[value].length];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = (sums[value][i] - sums[otherValue][i]) / sums[total][i];
    }
    return estimate((observed[value] - observed[otherValue]) / observed[total], differences);
  }

  /** Samples that drew no group with the metric say nothing and are left out. */
  private static Estimate estimate(double value, double[] replicates) {
    double[] sorted = Arrays.stream(replicates).filter(Double::isFinite).sorted().toArray();
    return new Estimate(value, quantile(sorted, TAIL, value), quantile(sorted, 1 - TAIL, value));
  }

  private static double quantile(double[] sorted, double share, double ifEmpty) {
    if (sorted.length == 0) {
      return ifEmpty;
    }
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
