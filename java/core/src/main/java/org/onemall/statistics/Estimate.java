package org.onemall.statistics;

/** A figure and the 95 % interval of its bootstrap, rounded to 6 decimals (far below its noise). */
public record Estimate(double value, double low, double high) implements Interval {
  public Estimate {
    value = round(value);
    low = round(low);
    high = round(high);
  }

  private static double round(double value) {
    return Math.rint(value * 1e6) / 1e6;
  }
}
