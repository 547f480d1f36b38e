package org.onemall.semanticid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChurnTest {
  private static final long HOUR = Validity.HOUR_MS;

  @Test
  void countsByHandAgree() {
    // Room 4: on air 0:30 to 4:00, second code changes at 1:20, first one at 2:00. A new session at
    // 4:30 is no change. Room 7: on air from 1:00 on, nothing changes. Room 9: an hour off air.
    Validity validity =
        new Validity(
            new int[] {4, 4, 4, 4, 7, 9, 9},
            new long[] {HOUR / 2, HOUR * 4 / 3, 2 * HOUR, HOUR * 9 / 2, HOUR, HOUR, HOUR * 5 / 2},
            new long[] {
              HOUR * 4 / 3, 2 * HOUR, 4 * HOUR, HOUR * 6, Long.MAX_VALUE, HOUR * 2 + 1, 4 * HOUR
            });
    int[][] codes = {
      {0, 0, 1, 2, 3, 0, 1},
      {5, 6, 6, 7, 3, 0, 1},
    };
    Churn churn = Churn.of(validity, codes, 0, 5 * HOUR + 1);
    // 1:00 to 2:00: 4, 7 and 9; 2:00: 4 and 7 (9 was off air); 3:00: 7 (4 is off at 4:00); 4:00: 7.
    assertThat(churn.rooms()).isEqualTo(3 + 2 + 1 + 1);
    assertThat(churn.levels()).containsExactly(1 / 7.0, 1 / 7.0);
    assertThat(churn.hours())
        .containsExactly(
            new Churn.Hour(1, 3, List.of(1 / 3.0, 1 / 3.0)),
            new Churn.Hour(2, 2, List.of(0.0, 0.0)),
            new Churn.Hour(3, 1, List.of(0.0, 0.0)),
            new Churn.Hour(4, 1, List.of(0.0, 0.0)));
    assertThat(churn.states()).isEqualTo(7);
    assertThat(churn.sids()).isEqualTo(7);
    assertThat(validity.busiest(0, 5 * HOUR)).isEqualTo(HOUR);
    assertThat(validity.busiest(2 * HOUR + 1, 5 * HOUR)).isEqualTo(3 * HOUR);
    assertThat(validity.busiest(20 * HOUR, 20 * HOUR - 1)).isEqualTo(20 * HOUR);
    assertThat(validity.at(HOUR)).containsExactly(0, 4, 5);
  }

  @Test
  void aDeeperLevelChangesWithTheFirstOne() {
    Validity validity =
        new Validity(new int[] {0, 0}, new long[] {0, HOUR}, new long[] {HOUR, 3 * HOUR});
    Churn churn = Churn.of(validity, new int[][] {{0, 1}, {2, 2}}, 0, 3 * HOUR);
    assertThat(churn.levels()).containsExactly(0.5, 0.5);
  }
}
