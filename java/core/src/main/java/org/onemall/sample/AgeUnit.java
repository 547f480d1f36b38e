package org.onemall.sample;

/** What ages in features are counted in. */
public enum AgeUnit {
  /** For purchases over months. */
  DAYS(86_400_000),
  /** For sessions: what was clicked a moment ago says more than yesterday's. */
  MINUTES(60_000);

  private final double ms;

  AgeUnit(double ms) {
    this.ms = ms;
  }

  double of(long spanMs) {
    return spanMs / ms;
  }
}
