package org.onemall.mall.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HashRandomTest {
  private final HashRandom draws = new HashRandom(7);

  /** Constants that are multiples of one another leave some ten thousand values. */
  @Test
  void fiveKeysGiveAsManyValuesAsThereAreKeys() {
    long[] values = new long[200_000];
    for (int i = 0; i < values.length; i++) {
      long key = draws.key(i % 97, i % 13, i % 3, i % 59);
      values[i] = HashRandom.bits(key, DrawPurpose.CLICK, i / 10_000);
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
      double u = HashRandom.uniform(key, DrawPurpose.CLICK, 3);
      double v = HashRandom.uniform(key, DrawPurpose.BUY, 3);
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
    long there = new HashRandom(8).key(1, 2, 3, 4);
    assertThat(HashRandom.bits(here, DrawPurpose.CLICK, 5))
        .isNotEqualTo(HashRandom.bits(there, DrawPurpose.CLICK, 5));
  }

  @Test
  void quantilesInvertTheNormalDistribution() {
    assertThat(NormalQuantile.quantile(0.5)).isZero();
    assertThat(NormalQuantile.quantile(0.975)).isCloseTo(1.959963984540054, within(1e-13));
    assertThat(NormalQuantile.quantile(1e-10)).isCloseTo(-6.361340902404056, within(1e-12));
    for (double p = 0.001; p < 0.5; p += 0.001) {
      assertThat(NormalQuantile.quantile(p))
          .isCloseTo(-NormalQuantile.quantile(1 - p), within(1e-9));
    }
  }

  @Test
  void exponentialsAreExact() {
    Dice dice = new Dice(5);
    for (int i = 0; i < 200_000; i++) {
      double x = dice.uniform(-690, 690);
      double expected = StrictMath.exp(x);
      assertThat(Math.abs(ReproducibleMath.exp(x) - expected))
          .isLessThanOrEqualTo(2e-15 * expected);
      double small = dice.uniform(-3, 3);
      expected = StrictMath.exp(small);
      assertThat(Math.abs(ReproducibleMath.exp(small) - expected))
          .isLessThanOrEqualTo(1e-15 * expected);
    }
    assertThat(ReproducibleMath.exp(0)).isEqualTo(1);
    assertThat(ReproducibleMath.exp(-1e9)).isZero();
    assertThat(ReproducibleMath.exp(1e9)).isFinite().isGreaterThan(1e300);
  }

  @Test
  void gammasHaveTheirMeanAndVariance() {
    Dice dice = new Dice(3);
    for (double shape : new double[] {0.05, 0.3, 1, 4.5}) {
      int count = 50_000;
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < count; i++) {
        double x = dice.gamma(shape);
        sum += x;
        squares += x * x;
      }
      double mean = sum / count;
      double variance = squares / count - mean * mean;
      assertThat(mean).isCloseTo(shape, within(5 * Math.sqrt(variance / count)));
      assertThat(variance).isCloseTo(shape, within(0.15 * shape));
    }
  }
}
