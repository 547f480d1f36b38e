package org.onemall.run;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** One plain line every ten seconds, and one at the end of work that took as long as that. */
final class ProgressInLog implements Progress {
  private static final double INTERVAL_S = 10;

  private final String what;
  private final long total;
  private final LongSupplier nanoClock;
  private final Consumer<String> out;
  private final long start;
  private double lastLineS;
  private long done;

  ProgressInLog(String what, long total, LongSupplier nanoClock, Consumer<String> out) {
    this.what = what;
    this.total = total;
    this.nanoClock = nanoClock;
    this.out = out;
    this.start = nanoClock.getAsLong();
  }

  @Override
  public void step(long steps) {
    done += steps;
    double elapsedS = elapsedS();
    if (elapsedS - lastLineS >= INTERVAL_S) {
      lastLineS = elapsedS;
      out.accept(line(elapsedS));
    }
  }

  @Override
  public void close() {
    if (lastLineS > 0) {
      out.accept(String.format(Locale.ROOT, "%s: %,d in %s", what, done, duration(elapsedS())));
    }
  }

  private double elapsedS() {
    return (nanoClock.getAsLong() - start) / 1e9;
  }

  private String line(double elapsedS) {
    double rate = done / elapsedS;
    if (total <= 0 || done == 0) {
      return String.format(Locale.ROOT, "%s: %,d, %,.1f/s", what, done, rate);
    }
    return String.format(
        Locale.ROOT,
        "%s: %,d of %,d (%d %%), %,.1f/s, %s left",
        what,
        done,
        total,
        100 * done / total,
        rate,
        duration(Math.max(0, total - done) / rate));
  }

  private static String duration(double seconds) {
    long s = Math.round(seconds);
    return s < 60
        ? s + " s"
        : s < 3600
            ? "%d min %02d s".formatted(s / 60, s % 60)
            : "%d h %02d min".formatted(s / 3600, s / 60 % 60);
  }
}
