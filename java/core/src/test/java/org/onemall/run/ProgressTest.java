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
  void aSlowFirstStepFrightensNobody() {
    AtomicLong clock = new AtomicLong();
    List<String> lines = new ArrayList<>();
    Progress progress = new ProgressInLog("train", 10_001, clock::get, lines::add);
    clock.addAndGet(TimeUnit.SECONDS.toNanos(20)); // imports, compiles
    progress.step(1);
    for (int i = 0; i < 1000; i++) {
      clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
      progress.step(1);
    }
    assertThat(lines)
        .containsExactly(
            "train: 1 of 10,001 (0 %)", "train: 1,001 of 10,001 (10 %), 100.0/s, 1 min 30 s left");
  }

  @Test
  void slowStepsHaveAnEstimateFromTheSecondOn() {
    AtomicLong clock = new AtomicLong();
    List<String> lines = new ArrayList<>();
    Progress progress = new ProgressInLog("embed", 3, clock::get, lines::add);
    for (int i = 0; i < 3; i++) {
      clock.addAndGet(TimeUnit.SECONDS.toNanos(20));
      progress.step(1);
    }
    assertThat(lines)
        .containsExactly(
            "embed: 1 of 3 (33 %)",
            "embed: 2 of 3 (66 %), 0.1/s, 20 s left", "embed: 3 of 3 (100 %), 0.1/s, 0 s left");
  }

  @Test
  void workOfUnknownLengthHasARate() {
    AtomicLong clock = new AtomicLong();
    List<String> lines = new ArrayList<>();
    Progress progress = new ProgressInLog("read", 0, clock::get, lines::add);
    for (int i = 0; i < 10; i++) {
      clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
      progress.step(2);
    }
    assertThat(lines).containsExactly("read: 20, 2.0/s");
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
