package org.onemall.run;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that redraws itself on stderr. */
final class ProgressOnTerminal implements Progress {
  private final Pace pace;
  private final ProgressBar bar;

  ProgressOnTerminal(String what, long total) {
    pace = new Pace(total, System::nanoTime);
    bar =
        new ProgressBarBuilder()
            .setTaskName(what)
            .setInitialMax(total > 0 ? total : -1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(500)
            .showSpeed()
            .setEtaFunction(state -> timeLeft())
            .build();
  }

  private Optional<Duration> timeLeft() {
    OptionalDouble seconds = pace.secondsLeft();
    return seconds.isPresent()
        ? Optional.of(Duration.ofSeconds(Math.round(seconds.getAsDouble())))
        : Optional.empty();
  }

  @Override
  public void step(long done) {
    pace.step(done);
    bar.stepBy(done);
  }

  @Override
  public void close() {
    bar.close();
  }
}
