package org.onemall.mall.check;

import org.onemall.mall.policy.GoodsPolicy;
import org.onemall.mall.policy.PageSimulator;
import org.onemall.mall.policy.RoomPolicy;
import org.onemall.mall.users.ResponseModel;
import org.onemall.mall.users.Shopper;
import org.onemall.mall.world.Authors;
import org.onemall.mall.world.DayOffer;
import org.onemall.mall.world.DrawPurpose;
import org.onemall.mall.world.GoodsOnSale;
import org.onemall.mall.world.HashRandom;
import org.onemall.mall.world.ItemIds;
import org.onemall.mall.world.Products;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.World;
import org.onemall.mall.world.WorldClock;

/** Orders all candidates of a request by each scorer and notes the target's rank. */
final class CandidateRanking {
  private static final ReferenceScorer[] GOODS = {
    ReferenceScorer.TRUE_STATE,
    ReferenceScorer.BAYES,
    ReferenceScorer.STATIC_USER,
    ReferenceScorer.LEAF_LOOKS,
    ReferenceScorer.LEAF_DIRECTED,
    ReferenceScorer.LEAF_SYMMETRIC,
    ReferenceScorer.ITEM_KNN,
    ReferenceScorer.POPULARITY,
    ReferenceScorer.RANDOM
  };
  private static final ReferenceScorer[] ROOMS = {
    ReferenceScorer.TRUE_STATE,
    ReferenceScorer.BAYES,
    ReferenceScorer.STATIC_ROOM,
    ReferenceScorer.AFFINITY,
    ReferenceScorer.ITEM_KNN,
    ReferenceScorer.POPULARITY,
    ReferenceScorer.RANDOM
  };

  private final World world;
  private final LogWithTruth log;
  private final StateReplay replay;
  private final IntentBelief belief;
  private final ClickHistory history;
  private final double[] neighbours;

  CandidateRanking(
      World world,
      LogWithTruth log,
      StateReplay replay,
      IntentBelief belief,
      ClickHistory history) {
    this.world = world;
    this.log = log;
    this.replay = replay;
    this.belief = belief;
    this.history = history;
    neighbours = new double[world.ids.size()];
  }

  private interface Scoring {
    void score(int candidate, double[] scores);
  }

  private static void rank(
      ReferenceScorer[] scorers,
      int target,
      int[] candidates,
      int from,
      int to,
      Scoring by,
      TargetRanks ranks) {
    double[] mine = new double[scorers.length];
    double[] theirs = new double[scorers.length];
    int[] better = new int[scorers.length];
    int[] equal = new int[scorers.length];
    by.score(target, mine);
    for (int i = from; i < to; i++) {
      if (candidates[i] != target) {
        by.score(candidates[i], theirs);
        for (int s = 0; s < scorers.length; s++) {
          better[s] += theirs[s] > mine[s] ? 1 : 0;
          equal[s] += theirs[s] == mine[s] ? 1 : 0;
        }
      }
    }
    ranks.target(to - from);
    for (int s = 0; s < scorers.length; s++) {
      ranks.add(scorers[s], better[s], equal[s]);
    }
  }

  /** The logging policy as the mall runs it, as an observer guesses it, and without a session. */
  record Policies(GoodsPolicy real, GoodsPolicy guessed, GoodsPolicy still) {
    static Policies of(World world, Shopper shopper, GoodsPolicy.Goods kind, GoodsOnSale shelf) {
      return new Policies(
          new GoodsPolicy(world, shopper, kind, shelf, PageSimulator.RANKER_NOISE),
          new GoodsPolicy(world, shopper, kind, shelf, 0),
          new GoodsPolicy(world, shopper, kind, shelf, 0));
    }

    void startUser(GoodsOnSale shelf) {
      real.startUser(shelf);
      guessed.startUser(shelf);
      still.startUser(shelf);
    }
  }

  /** All goods on a shelf for a request whose first click is in {@code row}. */
  void goods(
      int r,
      int row,
      GoodsPolicy.Goods kind,
      GoodsOnSale shelf,
      Policies policies,
      int[] clicks,
      TargetRanks ranks) {
    policies.startUser(shelf);
    replay.startPage(policies.real, r);
    replay.startPage(policies.guessed, r);
    policies.still.startPage(-1, 0, -1);
    java.util.Arrays.fill(neighbours, 0);
    history.addNeighbours(neighbours);
    int last = replay.lastLeaf(r);
    int lastProduct = replay.states.lastClick[log.user[r]];
    Products c = world.products;
    int day = log.day(r);
    boolean card = world.ids.kind(log.item[row]) == ItemIds.Kind.PRODUCT;
    long key = world.draws.key(r, 0, 0, 0);
    Scoring scoring =
        (good, scores) -> {
          int product = kind.product(good);
          int item = kind.item(good);
          ResponseModel response = replay.response;
          double score = card ? response.cardScore(good, day) : response.videoScore(good, day);
          double wanted =
              response.intent(
                  product, log.intentLeaf[r], log.intentColour[r], log.intentPattern[r]);
          scores[0] = policies.real.probability(good) * ResponseModel.click(score + wanted);
          scores[1] = policies.guessed.probability(good) * belief.click(score, product);
          scores[2] = policies.still.probability(good) * belief.clickUnseen(score, product);
          double popular = clicks[item] + 0.5 * shelf.popularity[good] * shelf.goods.length;
          double directed = history.leaf(history.directed, last, c.leaf[product]) * popular;
          double looks =
              lastProduct < 0
                  ? 1
                  : 1
                      + (c.colour[lastProduct] == c.colour[product] ? 2 : 0)
                      + (c.pattern[lastProduct] == c.pattern[product] ? 1 : 0);
          scores[3] = directed * looks;
          scores[4] = directed;
          scores[5] = history.leaf(history.symmetric, last, c.leaf[product]) * popular;
          scores[6] = neighbours[item] + 1e-9 * clicks[item];
          scores[7] = clicks[item];
          scores[8] = HashRandom.uniform(key, DrawPurpose.CHECK, item);
        };
    int target = world.ids.number(log.item[row]);
    rank(GOODS, target, shelf.goods, 0, shelf.goods.length, scoring, ranks);
  }

  /** All rooms on air for a request whose first click is in {@code row}. */
  void rooms(
      int r,
      int row,
      DayOffer day,
      RoomPolicy real,
      RoomPolicy guessed,
      int[] clicks,
      TargetRanks ranks) {
    int block = WorldClock.block(log.timeMs[r] - day.startMs());
    int from = day.from[block];
    int to = day.from[block + 1];
    int last = replay.lastLeaf(r);
    real.startUser(day);
    real.startPage(block, last);
    guessed.startUser(day);
    guessed.startPage(block, last);
    java.util.Arrays.fill(neighbours, 0);
    history.addNeighbours(neighbours);
    long key = world.draws.key(r, 0, 0, 0);
    int[] places = new int[to - from];
    int target = -1;
    for (int i = 0; i < places.length; i++) {
      places[i] = i;
      target = world.ids.room(day.rooms[from + i]) == log.item[row] ? i : target;
    }
    Scoring scoring =
        (i, scores) -> {
          int author = day.rooms[from + i];
          int product = day.onAir[from + i];
          int item = world.ids.room(author);
          double taste = replay.response.roomScore(author);
          double score = taste + 1.1 * replay.shopper.match(product);
          double wanted =
              replay.response.intent(
                  product, log.intentLeaf[r], log.intentColour[r], log.intentPattern[r]);
          scores[0] = real.probability(i) * ResponseModel.click(score + wanted);
          scores[1] = guessed.probability(i) * belief.click(score, product);
          scores[2] = anyProduct(author, taste, last);
          scores[3] = replay.response.roomTaste(author);
          scores[4] = neighbours[item] + 1e-9 * clicks[item];
          scores[5] = clicks[item];
          scores[6] = HashRandom.uniform(key, DrawPurpose.CHECK, item);
        };
    rank(ROOMS, target, places, 0, places.length, scoring, ranks);
  }

  /** Mean over what the author sells, of being shown (up to a factor) and clicked. */
  private double anyProduct(int author, double taste, int last) {
    double sum = 0;
    for (int j = 0; j < Authors.POOL; j++) {
      int product = world.authors.pool[author * Authors.POOL + j];
      double match = 1.1 * replay.shopper.match(product);
      double bonus = world.products.leaf[product] == last ? 2.5 : 0;
      sum +=
          ReproducibleMath.exp(taste / 0.9 + match + bonus) * belief.click(taste + match, product);
    }
    return sum;
  }
}
