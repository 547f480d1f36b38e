package org.onemall.statistics;

/** A figure and its 95 % interval: the ends are what {@link Verdict} looks at. */
public sealed interface Interval permits Estimate, SeedInterval {
  /** The lower end. */
  double low();

  /** The upper end. */
  double high();
}
