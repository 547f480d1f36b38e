package org.onemall.mall.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.onemall.mall.policy.CardGoods;
import org.onemall.mall.policy.GoodsPolicy;
import org.onemall.mall.policy.PageSimulator;
import org.onemall.mall.users.ResponseModel;
import org.onemall.mall.world.DayOffer;

/** The log against the truth that it was drawn from. */
class TruthTest {
  private static TestMall mall;

  @BeforeAll
  static void make() throws IOException {
    mall = TestMall.get();
  }

  @Test
  void whatHappenedIsWhatWasToBeExpected() {
    for (WorldCheck.Realised of : mall.report.realised()) {
      assertThat(of.clickZ()).as("%s", of).isBetween(-3.5, 3.5);
      assertThat(of.orderZ()).as("%s", of).isBetween(-3.5, 3.5);
      assertThat(of.ctr()).isBetween(0.045, 0.095);
      assertThat(of.ctcvr()).isBetween(0.0010, 0.0040);
    }
  }

  @Test
  void propensitiesSumUp() {
    WorldCheck.Propensities p = mall.report.propensities();
    assertThat(p.mean()).isCloseTo(1, within(3.5 * p.error()));
    assertThat(p.error()).isLessThan(0.02);
  }

  @Test
  void counterfactualEstimatesMeetTheTruth() {
    Counterfactual c = mall.report.counterfactual();
    double error = Math.hypot(c.ipsError(), c.oracleError());
    assertThat(c.ips()).isCloseTo(c.oracle(), within(2 * error));
    assertThat(c.snips()).isCloseTo(c.oracle(), within(2 * error));
    assertThat(c.requests()).isGreaterThan(200);
  }

  /** State, policy and law can be rebuilt from the open log, the latents and the intents alone. */
  @Test
  void storedProbabilitiesAreThoseOfTheReplayedState() {
    LogWithTruth log = mall.log;
    List<DayOffer> days = mall.days();
    StateReplay replay = new StateReplay(mall.world, log, TestMall.PARAMETERS.users());
    CardGoods kind = new CardGoods(mall.world);
    GoodsPolicy policy =
        new GoodsPolicy(
            mall.world,
            replay.shopper,
            kind,
            days.get(0).productsOnSale,
            PageSimulator.RANKER_NOISE);
    int compared = 0;
    for (int r : log.byUser()) {
      if (log.user[r] >= 300) {
        break;
      }
      replay.load(r);
      if (log.scenario(mall.world, r) == 0) {
        policy.startUser(days.get(log.day(r)).productsOnSale);
        replay.startPage(policy, r);
        double shown = 0;
        for (int row = log.firstRow[r]; row < log.firstRow[r + 1]; row++) {
          int product = mall.world.ids.number(log.item[row]);
          double wanted =
              replay.response.intent(
                  product, log.intentLeaf[r], log.intentColour[r], log.intentPattern[r]);
          double score = replay.response.cardScore(product, log.day(r)) + wanted;
          double click =
              ResponseModel.cardExamined(row - log.firstRow[r]) * ResponseModel.click(score);
          double buy = replay.response.cardBuy(product, log.intentLeaf[r], log.day(r));
          double pi = policy.probability(product);
          assertThat(log.pClick[row]).isEqualTo((float) click);
          assertThat(log.pBuy[row]).isEqualTo((float) buy);
          assertThat(log.propensity[row]).isEqualTo((float) (pi / (1 - shown)));
          shown += pi;
          compared++;
        }
      }
      replay.observe(r);
    }
    assertThat(compared).isGreaterThan(10_000);
  }
}
