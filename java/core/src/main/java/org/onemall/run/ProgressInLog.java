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
  private final Pace pace;
  private final long start;
  private double lastLineS;

  ProgressInLog(String what, long total, LongSupplier nanoClock, Consumer<String> out) {
    this.what = what;
    this.total = total;
    this.nanoClock = nanoClock;
    this.out = out;
    this.pace = new Pace(total, nanoClock);
    this.start = nanoClock.getAsLong();
  }

  @Override
  public void step(long steps) {
    pace.step(steps);
    double elapsedS = elapsedS();
    if (elapsedS - lastLineS >= INTERVAL_S) {
      lastLineS = elapsedS;
      out.accept(line());
    }
  }

  @Override
  public void close() {
    if (lastLineS > 0) {
      out.accept("%s: %s in %s".formatted(what, number(pace.done()), WallTime.text(elapsedS())));
    }
  }

  private double elapsedS() {
    return (nanoClock.getAsLong() - start) / 1e9;
  }

  private String line() {
    long done = pace.done();
    StringBuilder line = new StringBuilder(what + ": " + number(done));
    if (total > 0) {
      line.append(" of ").append(number(total));
      line.append(" (%d %%)".formatted(100 * done / total));
    }
    pace.rate().ifPresent(rate -> line.append(String.format(Locale.ROOT, ", %,.1f/s", rate)));
    pace.secondsLeft()
        .ifPresent(seconds -> line.append(", ").append(WallTime.text(seconds)).append(" left"));
    return line.toString();
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
