package org.onemall.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeedIntervalTest {
  /** Of true nothings, one in twenty is called something: the interval has its level. */
  @Test
  void coversTheTruthAsOftenAsItSays() {
    SplittableRandom random = new SplittableRandom(7);
    for (int seeds : new int[] {3, 5, 40}) {
      int covered = 0;
      int draws = 20_000;
      for (int draw = 0; draw < draws; draw++) {
        Map<Long, Double> values = new LinkedHashMap<>();
        for (long seed = 0; seed < seeds; seed++) {
          values.put(seed, random.nextGaussian(3, 2));
        }
        SeedInterval interval = SeedInterval.of(values);
        covered += interval.low() < 3 && 3 < interval.high() ? 1 : 0;
      }
      assertThat((double) covered / draws).as("%d seeds", seeds).isCloseTo(.95, within(.006));
    }
  }

  /** NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2. */
  @ParameterizedTest
  @CsvSource({
    "1, 12.706",
    "2, 4.303",
    "5, 2.571",
    "30, 2.042",
    "31, 2.040",
    "60, 2.000",
    "100, 1.984",
    "1000000, 1.960"
  })
  void quantilesAreStudents(int degrees, double quantile) {
    assertThat(SeedInterval.quantile(degrees)).isCloseTo(quantile, within(6e-4));
  }

  @Test
  void oneSeedHasNoInterval() {
    assertThatThrownBy(() -> SeedInterval.of(Map.of(3L, .5)))
        .hasMessageContaining("expected 2 or more, found [3]");
  }

  @Test
  void aSeedWithoutTheFigureLeavesNothingKnown() {
    SeedInterval interval = SeedInterval.of(Map.of(1L, .5, 2L, Double.NaN));
    assertThat(interval.known()).isFalse();
    assertThat(Verdict.of(interval)).isEqualTo(Verdict.WITHIN_NOISE);
  }
}
