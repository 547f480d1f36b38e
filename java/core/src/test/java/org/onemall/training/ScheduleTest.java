package org.onemall.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void risesOverTheWarmUpThenFallsToTheFinalShare() {
    Schedule schedule = new Schedule(0.1, 10, 110, 0.03);
    assertThat(schedule.at(0)).isCloseTo(0.01, within(1e-15));
    assertThat(schedule.at(9)).isCloseTo(0.1, within(1e-15));
    assertThat(schedule.at(10)).isCloseTo(0.1, within(1e-15));
    assertThat(schedule.at(60)).isCloseTo(0.1 * (0.03 + 0.97 / 2), within(1e-15));
    assertThat(schedule.at(110)).isCloseTo(0.003, within(1e-15));
    assertThat(schedule.at(1_000)).isCloseTo(0.003, within(1e-15));
    for (int step = 1; step < 200; step++) {
      if (step < 10) {
        assertThat(schedule.at(step)).isGreaterThan(schedule.at(step - 1));
      } else {
        assertThat(schedule.at(step)).isLessThanOrEqualTo(schedule.at(step - 1));
      }
    }
  }

  @Test
  void refusesImpossibleSettings() {
    assertThatThrownBy(() -> new Schedule(0, 0, 1, 0)).hasMessageContaining("learning_rate");
    assertThatThrownBy(() -> new Schedule(1, -1, 1, 0)).hasMessageContaining("warmup_steps");
    assertThatThrownBy(() -> new Schedule(1, 0, 1, 2)).hasMessageContaining("final_share");
  }
}
