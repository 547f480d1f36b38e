package org.onemall.mall.check;

import java.util.List;
import org.onemall.mall.users.ResponseModel;
import org.onemall.mall.world.DayOffer;
import org.onemall.mall.world.DrawPurpose;
import org.onemall.mall.world.HashRandom;
import org.onemall.mall.world.World;
import org.onemall.shop.Behavior;

/**
 * What the click rate would be if first slots of cards were filled at random: estimated from the
 * log by its propensities, and known from the truth.
 *
 * @param ips inverse-propensity estimate, with its standard error
 * @param snips the same, divided by the mean weight
 * @param oracle mean over all goods on sale of the true probability, on a sample of the requests
 */
record Counterfactual(
    long rows,
    double ips,
    double ipsError,
    double snips,
    int requests,
    double oracle,
    double oracleError) {
  private static final int SAMPLE = 400;

  static Counterfactual of(
      World world, LogWithTruth log, int[] order, List<DayOffer> days, int users) {
    int testDay = Math.max(1, days.size() - WorldCheck.TEST_DAYS);
    MeanWithError ips = new MeanWithError();
    double weights = 0;
    double clicks = 0;
    for (int r = 0; r < log.requests; r++) {
      if (log.day(r) >= testDay && log.scenario(world, r) == 0) {
        int row = log.firstRow[r];
        int goods = days.get(log.day(r)).productsOnSale.goods.length;
        double weight = 1 / ((double) log.propensity[row] * goods);
        double clicked = log.did(row, Behavior.CLICK) ? weight : 0;
        ips.add(clicked);
        weights += weight;
        clicks += clicked;
      }
    }
    double share = (double) SAMPLE / Math.max(1, ips.count());
    MeanWithError oracle = new MeanWithError();
    StateReplay replay = new StateReplay(world, log, users);
    for (int r : order) {
      replay.load(r);
      double coin = HashRandom.uniform(world.draws.key(1, 0, 0, 0), DrawPurpose.CHECK, r);
      if (log.day(r) >= testDay && log.scenario(world, r) == 0 && coin < share) {
        oracle.add(uniformClicks(replay, log, r, days.get(log.day(r)).productsOnSale.goods));
      }
      replay.observe(r);
    }
    return new Counterfactual(
        ips.count(),
        ips.mean(),
        ips.error(),
        clicks / weights,
        (int) oracle.count(),
        oracle.mean(),
        oracle.error());
  }

  private static double uniformClicks(StateReplay replay, LogWithTruth log, int r, int[] goods) {
    double sum = 0;
    for (int product : goods) {
      double wanted =
          replay.response.intent(
              product, log.intentLeaf[r], log.intentColour[r], log.intentPattern[r]);
      sum += ResponseModel.click(replay.response.cardScore(product, log.day(r)) + wanted);
    }
    return sum / goods.length;
  }
}
