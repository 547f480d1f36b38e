package org.onemall.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  /**
   * Users differ and have several requests: an interval that ignored the clusters would be narrow.
   */
  @Test
  void coversTheTruthAboutAsOftenAsItSays() {
    int worlds = 300;
    int covered = 0;
    for (long seed = 0; seed < worlds; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int users = 120;
      double[][] columns = new double[2][users];
      for (int user = 0; user < users; user++) {
        double taste = random.nextBoolean() ? 0.2 : 0.6;
        int targets = 1 + random.nextInt(20);
        columns[1][user] = targets;
        for (int target = 0; target < targets; target++) {
          columns[0][user] += random.nextDouble() < taste ? 1 : 0;
        }
      }
      Estimate estimate = new Bootstrap(columns, users, 300, seed).ratio(0, 1);
      covered += estimate.low() <= 0.4 && 0.4 <= estimate.high() ? 1 : 0;
    }
    assertThat(covered / (double) worlds).as("seeds 0..%d", worlds).isBetween(0.90, 0.985);
  }

  @Test
  void pairsTheDraws() {
    long seed = 5;
    SplittableRandom random = new SplittableRandom(seed);
    int users = 80;
    double[][] columns = new double[3][users];
    for (int user = 0; user < users; user++) {
      columns[0][user] = random.nextInt(10);
      columns[1][user] = columns[0][user] - 0.5; // always a little worse
      columns[2][user] = 10;
    }
    Bootstrap bootstrap = new Bootstrap(columns, users, 500, seed);
    Estimate difference = bootstrap.difference(0, 1, 2);
    assertThat(difference.value()).isCloseTo(0.05, within(1e-9));
    assertThat(difference.low()).isCloseTo(0.05, within(1e-9));
    assertThat(bootstrap.ratio(0, 2).low()).isLessThan(bootstrap.ratio(1, 2).value());
    assertThat(Verdict.of(difference)).isEqualTo(Verdict.BETTER);
  }

  /** Two models alike: a difference's interval leaves out 0 as often as its level allows. */
  @Test
  void callsFewTrueNothingsSomething() {
    int worlds = 300;
    int called = 0;
    for (long seed = 0; seed < worlds; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int users = 100;
      double[][] columns = new double[3][users];
      for (int user = 0; user < users; user++) {
        double taste = random.nextDouble();
        columns[2][user] = 10;
        for (int target = 0; target < 10; target++) {
          columns[0][user] += random.nextDouble() < taste ? 1 : 0;
          columns[1][user] += random.nextDouble() < taste ? 1 : 0;
        }
      }
      Estimate difference = new Bootstrap(columns, users, 300, seed).difference(0, 1, 2);
      called += Verdict.of(difference) == Verdict.WITHIN_NOISE ? 0 : 1;
    }
    assertThat(called / (double) worlds).as("seeds 0..%d", worlds).isBetween(0.02, 0.10);
  }

  @Test
  void refusesColumnsOfAnotherNumberOfGroups() {
    assertThatThrownBy(() -> new Bootstrap(new double[][] {{1, 2}, {1}}, 2, 10, 0))
        .hasMessageContaining("expected 2 groups in each column, found 1");
  }

  @Test
  void repeatsForTheSameSeedOnly() {
    double[][] columns = {{1, 2, 3, 0, 5}, {5, 5, 5, 5, 5}};
    Estimate first = new Bootstrap(columns, 5, 100, 1).ratio(0, 1);
    assertThat(new Bootstrap(columns, 5, 100, 1).ratio(0, 1)).isEqualTo(first);
    assertThat(new Bootstrap(columns, 5, 100, 2).ratio(0, 1)).isNotEqualTo(first);
  }

  @Test
  void leavesOutDrawsWithoutTheMetric() {
    double[][] columns = {{1, 0, 0}, {2, 0, 0}};
    Bootstrap bootstrap = new Bootstrap(columns, 3, 50, 0);
    assertThat(bootstrap.ratio(0, 1)).isEqualTo(new Estimate(0.5, 0.5, 0.5));
    assertThat(new Bootstrap(new double[][] {{0}, {0}}, 1, 5, 0).defined(1)).isFalse();
  }
}
