package org.onemall.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
  /** An end on 0 leaves 0 possible; where less is better, better and worse change places. */
  @ParameterizedTest
  @CsvSource({
    "0.1, 0.2, BETTER, WORSE",
    "-0.2, -0.1, WORSE, BETTER",
    "-0.1, 0.1, WITHIN_NOISE, WITHIN_NOISE",
    "0, 0.1, WITHIN_NOISE, WITHIN_NOISE",
    "-0.1, 0, WITHIN_NOISE, WITHIN_NOISE"
  })
  void looksWhetherTheIntervalLeavesOutZero(double low, double high, Verdict more, Verdict less) {
    Verdict verdict = Verdict.of(new Estimate((low + high) / 2, low, high));
    assertThat(verdict).isEqualTo(more);
    assertThat(verdict.reversed()).isEqualTo(less);
  }
}
