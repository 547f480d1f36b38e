package org.onemall.mall.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.onemall.mall.policy.CardGoods;
import org.onemall.mall.policy.GoodsPolicy;
import org.onemall.mall.policy.PageSimulator;
import org.onemall.mall.policy.RoomPolicy;
import org.onemall.mall.policy.VideoGoods;
import org.onemall.mall.world.DayOffer;
import org.onemall.mall.world.DrawPurpose;
import org.onemall.mall.world.HashRandom;
import org.onemall.mall.world.LeafRows;
import org.onemall.mall.world.World;
import org.onemall.mall.world.WorldParameters;
import org.onemall.shop.Behavior;

/**
 * Reads a finished world back and compares it with its truth: how far simple baselines, heuristics
 * and oracles get on the last two days, whether propensities sum up, whether what happened is what
 * was to be expected.
 */
public final class WorldCheck {
  private static final int MOST_USERS = 20_000;
  private static final int MOST_TARGETS = 2_000;
  static final int TEST_DAYS = 2;

  private final World world;
  private final int users;
  private final LogWithTruth log;
  private final int[] order;
  private final int testDay;
  private final List<DayOffer> days = new ArrayList<>();
  private final StateReplay replay;
  private final IntentBelief belief;

  private WorldCheck(World world, Path folder) throws IOException {
    this.world = world;
    WorldParameters parameters = world.parameters;
    users = Math.min(MOST_USERS, parameters.users());
    log = LogWithTruth.read(folder, parameters.days(), users);
    order = log.byUser();
    testDay = Math.max(1, parameters.days() - TEST_DAYS);
    LeafRows productsByLeaf = world.products.leaves();
    LeafRows videos = world.videoLeaves();
    for (int d = 0; d < parameters.days(); d++) {
      days.add(new DayOffer(world, productsByLeaf, videos, d));
    }
    replay = new StateReplay(world, log, users);
    belief = new IntentBelief(world, log, replay);
  }

  /** Checks a finished world; its parameters are those in its manifest. */
  public static CheckReport of(WorldParameters parameters, Path folder) throws IOException {
    WorldCheck checks = new WorldCheck(new World(parameters), folder);
    List<TargetRanks> ranks = checks.rank();
    return new CheckReport(
        ranks,
        Propensities.of(checks.world, checks.log, checks.days),
        Realised.of(checks.world, checks.log),
        Counterfactual.of(checks.world, checks.log, checks.order, checks.days, checks.users));
  }

  /** Requests of the last days with a click, at most {@value #MOST_TARGETS} of a scenario. */
  private boolean[] targets() {
    boolean[] isTarget = new boolean[log.requests];
    for (int scenario = 0; scenario < World.SCENARIOS.size(); scenario++) {
      long[] found = new long[log.requests];
      int count = 0;
      for (int r = 0; r < log.requests; r++) {
        if (log.day(r) >= testDay && log.scenario(world, r) == scenario && log.firstClick(r) >= 0) {
          long bits = HashRandom.bits(world.draws.key(0, 0, 0, 0), DrawPurpose.CHECK, r);
          found[count++] = (bits & ~0x7FFFFFFFL) | r;
        }
      }
      Arrays.sort(found, 0, count);
      for (int i = 0; i < Math.min(count, MOST_TARGETS); i++) {
        isTarget[(int) (found[i] & 0x7FFFFFFF)] = true;
      }
    }
    return isTarget;
  }

  private List<TargetRanks> rank() {
    boolean[] isTarget = targets();
    boolean[] isAsked = new boolean[users];
    for (int r = 0; r < log.requests; r++) {
      isAsked[log.user[r]] |= isTarget[r];
    }
    ClickHistory history = new ClickHistory(world, log, order, testDay);
    List<int[]> clicks = new ArrayList<>();
    for (int d = 0; d < days.size(); d++) {
      clicks.add(d < testDay ? new int[0] : history.popularity(d));
    }
    CandidateRanking candidates = new CandidateRanking(world, log, replay, belief, history);
    Judge judge = new Judge(candidates);
    int user = -1;
    for (int r : order) {
      if (!isAsked[log.user[r]]) {
        continue;
      }
      if (log.user[r] != user) {
        user = log.user[r];
        history.startUser();
      }
      replay.load(r);
      belief.predict(r);
      if (isTarget[r]) {
        judge.judge(r, days.get(log.day(r)), clicks.get(log.day(r)));
      }
      belief.observe(r);
      replay.observe(r);
      history.observe(r);
    }
    return judge.ranks;
  }

  /** The candidates of each scenario with its policies. */
  private final class Judge {
    final List<TargetRanks> ranks =
        List.of(new TargetRanks(), new TargetRanks(), new TargetRanks());
    private final CandidateRanking candidates;
    private final GoodsPolicy.Goods cardGoods = new CardGoods(world);
    private final GoodsPolicy.Goods videoGoods = new VideoGoods(world);
    private final CandidateRanking.Policies cards =
        CandidateRanking.Policies.of(world, replay.shopper, cardGoods, days.get(0).productsOnSale);
    private final CandidateRanking.Policies videos =
        CandidateRanking.Policies.of(world, replay.shopper, videoGoods, days.get(0).videosOnSale);
    private final RoomPolicy realRooms =
        new RoomPolicy(
            world, replay.shopper, replay.response, days.get(0), PageSimulator.RANKER_NOISE);
    private final RoomPolicy guessedRooms =
        new RoomPolicy(world, replay.shopper, replay.response, days.get(0), 0);

    Judge(CandidateRanking candidates) {
      this.candidates = candidates;
    }

    void judge(int r, DayOffer day, int[] clicks) {
      int scenario = log.scenario(world, r);
      TargetRanks of = ranks.get(scenario);
      int row = log.firstClick(r);
      switch (World.SCENARIOS.get(scenario)) {
        case PRODUCT_CARD ->
            candidates.goods(r, row, cardGoods, day.productsOnSale, cards, clicks, of);
        case SHORT_VIDEO ->
            candidates.goods(r, row, videoGoods, day.videosOnSale, videos, clicks, of);
        case LIVE_STREAMING -> candidates.rooms(r, row, day, realRooms, guessedRooms, clicks, of);
      }
    }
  }

  /**
   * The mean of 1 / (propensity * number of goods on sale) over first slots of cards, which is 1
   * where propensities are right, and its standard error.
   */
  record Propensities(long rows, double mean, double error) {
    public static Propensities of(World world, LogWithTruth log, List<DayOffer> days) {
      MeanWithError mean = new MeanWithError();
      for (int r = 0; r < log.requests; r++) {
        if (log.scenario(world, r) == 0) {
          int goods = days.get(log.day(r)).productsOnSale.goods.length;
          mean.add(1 / ((double) log.propensity[log.firstRow[r]] * goods));
        }
      }
      return new Propensities(mean.count(), mean.mean(), mean.error());
    }
  }

  /** What happened in a scenario, and how far it is from the expected, in standard deviations. */
  record Realised(long exposures, double ctr, double ctcvr, double clickZ, double orderZ) {
    public static List<Realised> of(World world, LogWithTruth log) {
      List<Realised> all = new ArrayList<>();
      for (int scenario = 0; scenario < World.SCENARIOS.size(); scenario++) {
        long exposures = 0;
        double clicks = 0;
        double orders = 0;
        double clickDrift = 0;
        double orderDrift = 0;
        double clickVariance = 0;
        double orderVariance = 0;
        for (int r = 0; r < log.requests; r++) {
          for (int row = log.firstRow[r]; row < log.firstRow[r + 1]; row++) {
            if (log.product[row] >= 0 && log.scenario(world, r) == scenario) {
              double p = log.pClick[row];
              double q = p * log.pBuy[row];
              int click = log.did(row, Behavior.CLICK) ? 1 : 0;
              int order = log.did(row, Behavior.BUY) ? 1 : 0;
              exposures++;
              clicks += click;
              orders += order;
              clickDrift += click - p;
              orderDrift += order - q;
              clickVariance += p * (1 - p);
              orderVariance += q * (1 - q);
            }
          }
        }
        all.add(
            new Realised(
                exposures,
                clicks / exposures,
                orders / exposures,
                clickDrift / Math.sqrt(clickVariance),
                orderDrift / Math.sqrt(orderVariance)));
      }
      return all;
    }
  }
}
