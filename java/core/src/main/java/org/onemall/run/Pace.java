package org.onemall.run;

import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * How fast work goes, and how long the rest takes. The first report counts for nothing: it loads
 * and compiles what later steps find ready, or tells of what a killed run had done. Without enough
 * after it there is no estimate yet, rather than one that frightens.
 */
final class Pace {
  private static final int ENOUGH_REPORTS = 5;
  private static final double ENOUGH_S = 10;

  private final long total;
  private final LongSupplier nanoClock;
  private long done;
  private int reports;
  private long firstNanos;
  private long firstDone;

  /** For {@code total} steps; 0 or less where their number isn't known. */
  Pace(long total, LongSupplier nanoClock) {
    this.total = total;
    this.nanoClock = nanoClock;
  }

  synchronized void step(long steps) {
    done += steps;
    reports++;
    if (reports == 1) {
      firstNanos = nanoClock.getAsLong();
      firstDone = done;
    }
  }

  synchronized long done() {
    return done;
  }

  /** Steps a second. */
  synchronized OptionalDouble rate() {
    double seconds = (nanoClock.getAsLong() - firstNanos) / 1e9;
    boolean known = reports > 1 && (reports > ENOUGH_REPORTS || seconds >= ENOUGH_S);
    return known && done > firstDone && seconds > 0
        ? OptionalDouble.of((done - firstDone) / seconds)
        : OptionalDouble.empty();
  }

  synchronized OptionalDouble secondsLeft() {
    OptionalDouble rate = rate();
    return total > 0 && rate.isPresent()
        ? OptionalDouble.of(Math.max(0, total - done) / rate.getAsDouble())
        : OptionalDouble.empty();
  }
}
