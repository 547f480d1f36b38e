package org.onemall.mall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private final Draws draws = new Draws(7);

  /** Constants that are multiples of one another leave some ten thousand values. */
  @Test
  void fiveKeysGiveAsManyValuesAsThereAreKeys() {
    long[] values = new long[200_000];
    for (int i = 0; i < values.length; i++) {
      long key = draws.key(i % 97, i % 13, i % 3, i % 59);
      values[i] = Draws.bits(key, Purpose.CLICK, i / 10_000);
    }
    long[] combinations = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      combinations[i] = ((((i % 97) * 13L + i % 13) * 3 + i % 3) * 59 + i % 59) * 20 + i / 10_000;
    }
    long keys = Arrays.stream(combinations).distinct().count();
    assertThat(Arrays.stream(values).distinct().count()).isEqualTo(keys);
  }

  @Test
  void uniformsAreUniformAndPurposesIndependent() {
    double sum = 0;
    double squares = 0;
    double product = 0;
    int[] bins = new int[16];
    int count = 200_000;
    for (int i = 0; i < count; i++) {
      long key = draws.key(i, 1, 1, 1);
      double u = Draws.uniform(key, Purpose.CLICK, 3);
      double v = Draws.uniform(key, Purpose.BUY, 3);
      sum += u;
      squares += u * u;
      product += (u - 0.5) * (v - 0.5);
      bins[(int) (16 * u)]++;
    }
    assertThat(sum / count).isCloseTo(0.5, within(0.003));
    assertThat(squares / count).isCloseTo(1.0 / 3, within(0.003));
    assertThat(12 * product / count).isCloseTo(0, within(0.01));
    assertThat(Arrays.stream(bins).boxed())
        .allSatisfy(n -> assertThat(n).isBetween(12_000, 13_000));
  }

  @Test
  void seedsDiffer() {
    long here = draws.key(1, 2, 3, 4);
    long there = new Draws(8).key(1, 2, 3, 4);
    assertThat(Draws.bits(here, Purpose.CLICK, 5))
        .isNotEqualTo(Draws.bits(there, Purpose.CLICK, 5));
  }

  @Test
  void quantilesInvertTheNormalDistribution() {
    assertThat(Normal.quantile(0.5)).isZero();
    assertThat(Normal.quantile(0.975)).isCloseTo(1.959963984540054, within(1e-13));
    assertThat(Normal.quantile(1e-10)).isCloseTo(-6.361340902404056, within(1e-12));
    for (double p = 0.001; p < 0.5; p += 0.001) {
      assertThat(Normal.quantile(p)).isCloseTo(-Normal.quantile(1 - p), within(1e-9));
    }
  }

  @Test
  void exponentialsAreExact() {
    Dice dice = new Dice(5);
    for (int i = 0; i < 200_000; i++) {
      double x = dice.uniform(-690, 690);
      double expected = StrictMath.exp(x);
      assertThat(Math.abs(Numbers.exp(x) - expected)).isLessThanOrEqualTo(2e-15 * expected);
      double small = dice.uniform(-3, 3);
      expected = StrictMath.exp(small);
      assertThat(Math.abs(Numbers.exp(small) - expected)).isLessThanOrEqualTo(1e-15 * expected);
    }
    assertThat(Numbers.exp(0)).isEqualTo(1);
    assertThat(Numbers.exp(-1e9)).isZero();
    assertThat(Numbers.exp(1e9)).isFinite().isGreaterThan(1e300);
  }

  @Test
  void gammasHaveTheirMeanAndVariance() {
    Dice dice = new Dice(3);
    for (double shape : new double[] {0.05, 0.3, 1, 4.5}) {
      Mean mean = new Mean();
      for (int i = 0; i < 50_000; i++) {
        mean.add(dice.gamma(shape));
      }
      assertThat(mean.mean()).isCloseTo(shape, within(5 * mean.error()));
      double variance = mean.error() * mean.error() * mean.count();
      assertThat(variance).isCloseTo(shape, within(0.15 * shape));
    }
  }
}
