package org.onemall.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  void aLineEveryTenSecondsWithRateAndTimeLeft() {
    AtomicLong clock = new AtomicLong();
    List<String> lines = new ArrayList<>();
    try (Progress progress = new ProgressInLog("train", 1000, clock::get, lines::add)) {
      for (int i = 0; i < 25; i++) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        progress.step(10);
      }
    }
    assertThat(lines)
        .containsExactly(
            "train: 100 of 1,000 (10 %), 10.0/s, 1 min 30 s left",
            "train: 200 of 1,000 (20 %), 10.0/s, 1 min 20 s left", "train: 250 in 25 s");
  }

  @Test
  void shortWorkSaysNothing() {
    List<String> lines = new ArrayList<>();
    try (Progress progress = new ProgressInLog("read", 0, System::nanoTime, lines::add)) {
      progress.step(1);
    }
    assertThat(lines).isEmpty();
  }
}
