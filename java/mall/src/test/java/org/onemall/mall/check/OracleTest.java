package org.onemall.mall.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The world leaves room: popularity << item-kNN << heuristics << oracles. */
class OracleTest {
  private static CheckReport report;

  @BeforeAll
  static void make() throws IOException {
    report = TestMall.get().report;
  }

  private static double rate(int scenario, ReferenceScorer scorer, int k) {
    return report.ranks().get(scenario).hitRate(scorer, k);
  }

  @Test
  void goodsAreOrderedByWhatIsKnown() {
    for (int scenario = 0; scenario < 2; scenario++) {
      assertThat(report.ranks().get(scenario).targets()).isGreaterThan(500);
      double popularity = rate(scenario, ReferenceScorer.POPULARITY, 50);
      double knn = rate(scenario, ReferenceScorer.ITEM_KNN, 50);
      double heuristic = rate(scenario, ReferenceScorer.LEAF_LOOKS, 50);
      double bayes = rate(scenario, ReferenceScorer.BAYES, 50);
      assertThat(popularity).isGreaterThan(rate(scenario, ReferenceScorer.RANDOM, 50) + 0.08);
      assertThat(knn).isGreaterThan(popularity + 0.10);
      assertThat(heuristic).isGreaterThan(knn + 0.20);
      assertThat(bayes).isGreaterThan(heuristic + 0.12);
      assertThat(rate(scenario, ReferenceScorer.TRUE_STATE, 10))
          .isGreaterThan(rate(scenario, ReferenceScorer.BAYES, 10) + 0.02);
      assertThat(bayes).isGreaterThan(rate(scenario, ReferenceScorer.STATIC_USER, 50) + 0.15);
    }
  }

  @Test
  void looksAndDirectionHelp() {
    for (int scenario = 0; scenario < 2; scenario++) {
      assertThat(rate(scenario, ReferenceScorer.LEAF_LOOKS, 10))
          .isGreaterThan(rate(scenario, ReferenceScorer.LEAF_DIRECTED, 10));
      assertThat(rate(scenario, ReferenceScorer.LEAF_DIRECTED, 10))
          .isGreaterThan(rate(scenario, ReferenceScorer.LEAF_SYMMETRIC, 10));
    }
  }

  /** With some fifty rooms on air, five are as many as fifty of a large mall. */
  @Test
  void whatARoomShowsNowMatters() {
    int live = 2;
    assertThat(rate(live, ReferenceScorer.STATIC_ROOM, 5))
        .isGreaterThan(rate(live, ReferenceScorer.AFFINITY, 5));
    assertThat(rate(live, ReferenceScorer.BAYES, 5))
        .isGreaterThan(rate(live, ReferenceScorer.STATIC_ROOM, 5) + .04);
    assertThat(rate(live, ReferenceScorer.AFFINITY, 5))
        .isGreaterThan(rate(live, ReferenceScorer.ITEM_KNN, 5) + .15);
    assertThat(rate(live, ReferenceScorer.ITEM_KNN, 5))
        .isGreaterThan(rate(live, ReferenceScorer.RANDOM, 5));
  }
}
