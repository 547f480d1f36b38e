package org.onemall.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;

/** A figure and the 95 % interval of its bootstrap, rounded to 4 decimals. */
public record Interval(double value, double low, double high) {
  private static final double TAIL = 0.025;

  public Interval {
    value = round(value);
    low = round(low);
    high = round(high);
  }

  private static double round(double value) {
    return Math.rint(value * 1e4) / 1e4;
  }

  /**
   * The ratio of two sums over groups of samples that belong together; whole groups are drawn with
   * replacement. The same seed draws the same groups, so that differences are paired.
   */
  public static Interval ratio(double[] sums, int[] counts, int samples, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] replicates = new double[samples];
    for (int sample = 0; sample < samples; sample++) {
      double sum = 0;
      double count = 0;
      for (int draw = 0; draw < sums.length; draw++) {
        int group = random.nextInt(sums.length);
        sum += sums[group];
        count += counts[group];
      }
      replicates[sample] = sum / count;
    }
    Arrays.sort(replicates);
    return new Interval(
        Arrays.stream(sums).sum() / Arrays.stream(counts).sum(),
        replicates[(int) (TAIL * (samples - 1))],
        replicates[(int) Math.ceil((1 - TAIL) * (samples - 1))]);
  }
}
