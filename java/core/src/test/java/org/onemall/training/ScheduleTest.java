package org.onemall.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void risesOverTheWarmUpThenFallsToTheFinalShare() {
    Schedule schedule = new Schedule(0.1, 10, 0.03);
    assertThat(schedule.rate(0, 110)).isCloseTo(0.01, within(1e-15));
    assertThat(schedule.rate(9, 110)).isCloseTo(0.1, within(1e-15));
    assertThat(schedule.rate(10, 110)).isCloseTo(0.1, within(1e-15));
    assertThat(schedule.rate(60, 110)).isCloseTo(0.1 * (0.03 + 0.97 / 2), within(1e-15));
    assertThat(schedule.rate(110, 110)).isCloseTo(0.003, within(1e-15));
    assertThat(schedule.rate(1_000, 110)).isCloseTo(0.003, within(1e-15));
    for (int step = 1; step < 200; step++) {
      if (step < 10) {
        assertThat(schedule.rate(step, 110)).isGreaterThan(schedule.rate(step - 1, 110));
      } else {
        assertThat(schedule.rate(step, 110)).isLessThanOrEqualTo(schedule.rate(step - 1, 110));
      }
    }
  }

  @Test
  void refusesImpossibleSettings() {
    assertThatThrownBy(() -> new Schedule(0, 0, 0)).hasMessageContaining("learning_rate");
    assertThatThrownBy(() -> new Schedule(1, -1, 0)).hasMessageContaining("warmup_steps");
    assertThatThrownBy(() -> new Schedule(1, 0, 2)).hasMessageContaining("final_share");
  }
}
