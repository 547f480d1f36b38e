package org.onemall.run;

/** Spans of time for people. */
public final class WallTime {
  private WallTime() {}

  /** Such as {@code 5 s}, {@code 4 min 09 s} or {@code 1 h 05 min}. */
  public static String text(double seconds) {
    long s = Math.round(seconds);
    return s < 60
        ? s + " s"
        : s < 3600
            ? "%d min %02d s".formatted(s / 60, s % 60)
            : "%d h %02d min".formatted(s / 3600, s / 60 % 60);
  }
}
