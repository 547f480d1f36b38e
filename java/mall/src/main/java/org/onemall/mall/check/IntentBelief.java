package org.onemall.mall.check;

import org.onemall.mall.users.ResponseModel;
import org.onemall.mall.users.Shopper;
import org.onemall.mall.world.Products;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.Taxonomy;
import org.onemall.mall.world.World;
import org.onemall.shop.Behavior;

/**
 * What somebody who knows the world's laws and the user's latents, but sees behaviour only, thinks
 * of the hidden intent: a filter over 121 values, none being the last. The ceiling of a model that
 * sees only behaviour; approximate in colours and patterns, which it takes from the last click.
 */
final class IntentBelief {
  private static final int NONE = Taxonomy.LEAVES;
  private static final long SESSION_PAUSE_MS = 5 * 60_000L;

  private final World world;
  private final LogWithTruth log;
  private final StateReplay replay;
  private final double[] prior = new double[NONE + 1];
  private final double[] scratch = new double[NONE + 1];

  /** P(l* = l), and last of none. */
  final double[] leaves = new double[NONE + 1];

  private int user = -1;
  private long lastEndMs;
  private int lastBoughtLeaf;
  private int lastBoughtDay;
  private double pendingFollowUp;

  /** The last page's long-viewed interest videos: leaf and end. */
  private final int[] watchedLeaf = new int[64];

  private final long[] watchedMs = new long[64];
  private int watched;

  IntentBelief(World world, LogWithTruth log, StateReplay replay) {
    this.world = world;
    this.log = log;
    this.replay = replay;
  }

  /** Moves on to the moment of a request, before anything of it is seen. */
  void predict(int r) {
    setPrior();
    boolean another = log.user[r] != user;
    if (another) {
      user = log.user[r];
      watched = 0;
      pendingFollowUp = 0;
      System.arraycopy(prior, 0, leaves, 0, leaves.length);
    } else if (log.timeMs[r] - lastEndMs >= SESSION_PAUSE_MS) {
      startSession(log.day(r));
      watched = 0;
    } else {
      nextPage();
      trigger(log.timeMs[r]);
    }
  }

  private void setPrior() {
    double[] sums = replay.shopper.intentSums;
    double total = sums[NONE - 1];
    for (int l = 0; l < NONE; l++) {
      prior[l] = 0.9 * (sums[l] - (l == 0 ? 0 : sums[l - 1])) / total;
    }
    prior[NONE] = 0.1;
  }

  private void startSession(int day) {
    double none = leaves[NONE];
    for (int l = 0; l < NONE; l++) {
      leaves[l] = 0.4 * prior[l] + 0.6 * (leaves[l] + none * prior[l]);
    }
    leaves[NONE] = 0.4 * prior[NONE] + 0.6 * none * prior[NONE];
    if (pendingFollowUp > 0 && day - lastBoughtDay <= 7) {
      double moved = 0.6 * pendingFollowUp;
      scale(1 - moved);
      leaves[world.taxonomy.firstComplement(lastBoughtLeaf)] += moved / 2;
      leaves[world.taxonomy.secondComplement(lastBoughtLeaf)] += moved / 2;
      pendingFollowUp *= 0.4;
    }
  }

  private void scale(double factor) {
    for (int l = 0; l <= NONE; l++) {
      leaves[l] *= factor;
    }
  }

  private void nextPage() {
    for (int l = 0; l <= NONE; l++) {
      scratch[l] = 0.03 * prior[l] + (l == NONE ? 0.97 : 0.92) * leaves[l];
    }
    for (int l = 0; l < NONE; l++) {
      scratch[world.taxonomy.firstComplement(l)] += 0.025 * leaves[l];
      scratch[world.taxonomy.secondComplement(l)] += 0.025 * leaves[l];
    }
    System.arraycopy(scratch, 0, leaves, 0, leaves.length);
  }

  /** An onset is spread evenly over 60 to 200 s after a video's end. */
  private void trigger(long nowMs) {
    int kept = 0;
    for (int i = 0; i < watched; i++) {
      double since = (nowMs - watchedMs[i]) / 1_000.0;
      if (since < 60) {
        watchedLeaf[kept] = watchedLeaf[i];
        watchedMs[kept++] = watchedMs[i];
      } else {
        double begun = 0.5 * Math.min(1, (since - 60) / 140);
        scale(1 - begun);
        leaves[watchedLeaf[i]] += begun;
        if (since < 200) {
          watchedLeaf[kept] = watchedLeaf[i];
          watchedMs[kept++] = watchedMs[i];
        }
      }
    }
    watched = kept;
  }

  /** P(click | examined) of a good or room whose log-odds without intent are {@code score}. */
  double click(double score, int product) {
    double belief = leaves[world.products.leaf[product]];
    double without = ResponseModel.click(score);
    return belief < 1e-4
        ? without
        : (1 - belief) * without + belief * clickIfWanted(score, product);
  }

  /** As {@link #click}, of somebody who knows the prior only. */
  double clickUnseen(double score, int product) {
    double wanted = prior[world.products.leaf[product]];
    return (1 - wanted) * ResponseModel.click(score)
        + wanted * ResponseModel.click(score + ResponseModel.INTENT_LEAF + 0.5);
  }

  /** As {@link #click} where the leaf is the one that is wanted. */
  private double clickIfWanted(double score, int product) {
    Products c = world.products;
    Shopper s = replay.shopper;
    double colour = share(s.colourSums, c.colour[product]);
    double pattern = share(s.patternSums, c.pattern[product]);
    int last = replay.states.lastClick[s.user];
    if (last >= 0 && c.leaf[last] == c.leaf[product]) {
      colour = 0.25 * colour + (c.colour[last] == c.colour[product] ? 0.75 : 0);
      pattern = 0.25 * pattern + (c.pattern[last] == c.pattern[product] ? 0.75 : 0);
    }
    double wanted = score + ResponseModel.INTENT_LEAF;
    double both = ResponseModel.INTENT_COLOUR + ResponseModel.INTENT_PATTERN;
    return colour * pattern * ResponseModel.click(wanted + both)
        + colour * (1 - pattern) * ResponseModel.click(wanted + ResponseModel.INTENT_COLOUR)
        + (1 - colour) * pattern * ResponseModel.click(wanted + ResponseModel.INTENT_PATTERN)
        + (1 - colour) * (1 - pattern) * ResponseModel.click(wanted);
  }

  private static double share(double[] sums, int i) {
    return (sums[i] - (i == 0 ? 0 : sums[i - 1])) / sums[sums.length - 1];
  }

  /** Takes in what happened at a request; to be called before {@link StateReplay#observe}. */
  void observe(int r) {
    int day = log.day(r);
    int scenario = log.scenario(world, r);
    long end = log.timeMs[r];
    int lastClicked = -1;
    int bought = -1;
    for (int row = log.firstRow[r]; row < log.firstRow[r + 1]; row++) {
      end = Math.max(end, log.eventMs[row] + log.watchMs[row]);
      if (log.product[row] < 0) {
        noteEntertainment(row);
        continue;
      }
      int product = world.ids.number(log.product[row]);
      leaves[world.products.leaf[product]] *= ratio(row, r, scenario, product, day);
      lastClicked = log.did(row, Behavior.CLICK) ? product : lastClicked;
      bought = log.did(row, Behavior.BUY) ? product : bought;
    }
    lastEndMs = end;
    scale(1 / ReproducibleMath.sum(leaves));
    if (lastClicked >= 0) {
      int leaf = world.products.leaf[lastClicked];
      scale(0.75);
      leaves[world.taxonomy.firstComplement(leaf)] += 0.25 * Taxonomy.FIRST_COMPLEMENT;
      leaves[world.taxonomy.secondComplement(leaf)] += 0.25 * (1 - Taxonomy.FIRST_COMPLEMENT);
    }
    if (bought >= 0) {
      lastBoughtLeaf = world.products.leaf[bought];
      lastBoughtDay = day;
      pendingFollowUp = 0.5;
      java.util.Arrays.fill(leaves, 0);
      leaves[world.taxonomy.firstComplement(lastBoughtLeaf)] = 0.5;
      leaves[NONE] = 0.5;
    }
  }

  private void noteEntertainment(int row) {
    int video = world.ids.number(log.item[row]);
    boolean counts = log.did(row, Behavior.LONG_VIEW) && world.videos.isInterest(video);
    if (counts && watched < watchedLeaf.length) {
      watchedLeaf[watched] = world.videos.topicLeaf[video];
      watchedMs[watched++] = log.eventMs[row] + log.watchMs[row];
    }
  }

  /** How much likelier what was seen is if the product's leaf is wanted than if it is not. */
  private double ratio(int row, int r, int scenario, int product, int day) {
    ResponseModel response = replay.response;
    int number = world.ids.number(log.item[row]);
    int position = row - log.firstRow[r];
    double examined = 1;
    double score;
    double views = 1;
    if (scenario == 0) {
      examined = ResponseModel.cardExamined(position);
      score = response.cardScore(number, day);
    } else if (scenario == 1) {
      score = response.videoScore(number, day);
      double with = response.videoLongView(number, ResponseModel.INTENT_LEAF + 0.5);
      double without = response.videoLongView(number, 0);
      views = log.did(row, Behavior.LONG_VIEW) ? with / without : (1 - with) / (1 - without);
    } else {
      examined = ResponseModel.roomExamined(position);
      score = response.roomScore(number) + 1.1 * replay.shopper.match(product);
    }
    double with = examined * clickIfWanted(score, product);
    double without = examined * ResponseModel.click(score);
    double clicks = log.did(row, Behavior.CLICK) ? with / without : (1 - with) / (1 - without);
    return views * clicks;
  }
}
