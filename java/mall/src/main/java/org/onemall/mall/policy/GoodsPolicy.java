package org.onemall.mall.policy;

import org.onemall.mall.users.Shopper;
import org.onemall.mall.world.DrawPurpose;
import org.onemall.mall.world.GoodsOnSale;
import org.onemall.mall.world.HashRandom;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.Taxonomy;
import org.onemall.mall.world.World;
import org.onemall.mall.world.WorldClock;

/**
 * The logging policy of cards and of e-commerce videos, with exact propensities: {@code pi(i) =
 * .10/|C| + .15 popularity(i) + .75 P(leaf of i) softmax within the leaf}. Slots are drawn one
 * after the other without replacement: what was shown is drawn again, so the propensity of a slot
 * given those before it is {@code pi(i) / (1 - sum of pi shown)}. Scores of a leaf are computed
 * once for a user's day, when first needed; a page only reweighs them. One for each thread and
 * kind.
 */
public final class GoodsPolicy {
  static final double UNIFORM = 0.10;
  static final double POPULAR = 0.15;
  static final double PERSONAL = 0.75;
  private static final double TEMPERATURE = 0.75;
  private static final double COLOUR = StrictMath.exp(1.3 / TEMPERATURE);
  private static final double PATTERN = StrictMath.exp(0.8 / TEMPERATURE);
  private static final double[] FRESH = {
    StrictMath.exp(6.4), StrictMath.exp(6.3), StrictMath.exp(5.4)
  };
  private static final double[] OLDER = {
    StrictMath.exp(0.8125 * 6.4), StrictMath.exp(0.8125 * 6.3), StrictMath.exp(0.8125 * 5.4)
  };
  private static final double WATCHED = StrictMath.exp(5.0);
  private static final double[] NO_BONUS = {1, 1, 1};

  /** What differs between cards and videos. */
  public interface Goods {
    /** The product that a good is or sells. */
    int product(int good);

    /** The mall's score beyond the match: bait, and the video's own pull. */
    double extra(int good);

    /** The dense item. */
    int item(int good);

    /** Tells the goods of both kinds apart, for the ranker's noise. */
    int noise(int good);
  }

  private final World world;
  private final Shopper shopper;
  private final Goods kind;
  private final double noise;
  private GoodsOnSale shelf;

  /** By place on the shelf: exp(score / temperature) without the page's bonuses. */
  private double[] weights = new double[0];

  private final boolean[] hasWeights = new boolean[Taxonomy.LEAVES];
  private final double[] leafWeights = new double[Taxonomy.LEAVES];
  private final double[] leafSums = new double[Taxonomy.LEAVES];

  /** Of this page: leaves with a bonus, and the weight that it adds. */
  private final int[] bonusLeaves = new int[4];

  private final double[] bonusWeights = new double[4];
  private int bonuses;
  private double leafTotal;
  private int lastColour;
  private int lastPattern;
  private final double[] pageTotals = new double[Taxonomy.LEAVES];
  private final int[] pageOfTotal = new int[Taxonomy.LEAVES];
  private int page;

  private final int[] shown = new int[16];
  private int shownCount;
  private double shownMass;
  private double propensity;

  /** {@code noise} of the mall's ranker; 0 = what an observer would guess. */
  public GoodsPolicy(World world, Shopper shopper, Goods kind, GoodsOnSale shelf, double noise) {
    this.noise = noise;
    this.world = world;
    this.shopper = shopper;
    this.kind = kind;
    this.shelf = shelf;
  }

  /** A new user or day. */
  public void startUser(GoodsOnSale newShelf) {
    shelf = newShelf;
    if (weights.length < shelf.personal.length) {
      weights = new double[shelf.personal.length];
    }
    java.util.Arrays.fill(hasWeights, false);
    double sum = 0;
    for (int l = 0; l < leafWeights.length; l++) {
      boolean any = shelf.from[l + 1] > shelf.from[l];
      leafWeights[l] =
          any ? ReproducibleMath.exp(1.1 * StrictMath.log(shopper.leaves[l] + 0.002)) : 0;
      sum += leafWeights[l];
      leafSums[l] = sum;
    }
  }

  /** Whether a page can be filled from this shelf. */
  boolean canServe() {
    return shelf.goods.length >= 12;
  }

  /**
   * A new page.
   *
   * @param lastProduct clicked last, -1 = none
   * @param ageMs how long ago that was
   * @param watchedLeaf of an interest video just watched, -1 = none
   */
  public void startPage(int lastProduct, long ageMs, int watchedLeaf) {
    page++;
    shownCount = 0;
    shownMass = 0;
    bonuses = 0;
    leafTotal = leafSums[leafSums.length - 1];
    lastColour = -1;
    lastPattern = -1;
    double[] bonus = NO_BONUS;
    int last = -1;
    if (lastProduct >= 0) {
      lastColour = world.products.colour[lastProduct];
      lastPattern = world.products.pattern[lastProduct];
      last = world.products.leaf[lastProduct];
      bonus = ageMs <= 15 * 60_000L ? FRESH : ageMs <= 3 * WorldClock.DAY_MS ? OLDER : NO_BONUS;
    }
    int first = last < 0 ? -1 : world.taxonomy.firstComplement(last);
    int second = last < 0 ? -1 : world.taxonomy.secondComplement(last);
    addBonus(last, bonus[0] * (watchedLeaf == last ? WATCHED : 1));
    addBonus(first, bonus[1] * (watchedLeaf == first ? WATCHED : 1));
    addBonus(second, bonus[2] * (watchedLeaf == second ? WATCHED : 1));
    if (watchedLeaf != last && watchedLeaf != first && watchedLeaf != second) {
      addBonus(watchedLeaf, WATCHED);
    }
  }

  private void addBonus(int leaf, double factor) {
    if (leaf >= 0 && factor > 1) {
      bonusLeaves[bonuses] = leaf;
      bonusWeights[bonuses] = leafWeights[leaf] * (factor - 1);
      leafTotal += bonusWeights[bonuses++];
    }
  }

  /** Draws the next slot's good; its propensity is then {@link #propensity}. */
  int draw(long key, int slot) {
    for (int attempt = 0; ; attempt++) {
      long draw = slot * 4_096L + attempt;
      double u = HashRandom.uniform(key, DrawPurpose.POLICY, draw);
      int good;
      if (u < UNIFORM) {
        good =
            shelf.goods[HashRandom.index(key, DrawPurpose.POLICY_ITEM, draw, shelf.goods.length)];
      } else if (u < UNIFORM + POPULAR) {
        double[] sums = shelf.popularitySums;
        double x = HashRandom.uniform(key, DrawPurpose.POLICY_ITEM, draw) * sums[sums.length - 1];
        good = shelf.goods[ReproducibleMath.search(sums, 0, sums.length, x)];
      } else {
        int leaf = drawLeaf(HashRandom.uniform(key, DrawPurpose.POLICY_LEAF, draw));
        good = drawWithin(leaf, HashRandom.uniform(key, DrawPurpose.POLICY_ITEM, draw));
      }
      if (!wasShown(good)) {
        double pi = probability(good);
        propensity = pi / (1 - shownMass);
        shown[shownCount++] = good;
        shownMass += pi;
        return good;
      }
    }
  }

  double propensity() {
    return propensity;
  }

  private boolean wasShown(int good) {
    for (int i = 0; i < shownCount; i++) {
      if (shown[i] == good) {
        return true;
      }
    }
    return false;
  }

  private int drawLeaf(double u) {
    double x = u * leafTotal;
    for (int i = 0; i < bonuses; i++) {
      if (x < bonusWeights[i]) {
        return bonusLeaves[i];
      }
      x -= bonusWeights[i];
    }
    int leaf = ReproducibleMath.search(leafSums, 0, leafSums.length, x);
    while (leafWeights[leaf] == 0) {
      leaf--;
    }
    return leaf;
  }

  private int drawWithin(int leaf, double u) {
    double x = u * total(leaf);
    int end = shelf.from[leaf + 1];
    for (int place = shelf.from[leaf]; place < end; place++) {
      x -= weight(place);
      if (x < 0) {
        return shelf.personal[place];
      }
    }
    return shelf.personal[end - 1];
  }

  private double weight(int place) {
    int product = kind.product(shelf.personal[place]);
    double weight = weights[place];
    if (world.products.colour[product] == lastColour) {
      weight *= COLOUR;
    }
    if (world.products.pattern[product] == lastPattern) {
      weight *= PATTERN;
    }
    return weight;
  }

  private double total(int leaf) {
    if (pageOfTotal[leaf] != page) {
      if (!hasWeights[leaf]) {
        score(leaf);
      }
      double sum = 0;
      for (int place = shelf.from[leaf]; place < shelf.from[leaf + 1]; place++) {
        sum += weight(place);
      }
      pageTotals[leaf] = sum;
      pageOfTotal[leaf] = page;
    }
    return pageTotals[leaf];
  }

  private void score(int leaf) {
    long key = world.draws.key(shopper.user, 0, 0, 0);
    for (int place = shelf.from[leaf]; place < shelf.from[leaf + 1]; place++) {
      int good = shelf.personal[place];
      double score = shopper.match(kind.product(good)) + kind.extra(good);
      if (noise > 0) {
        score += noise * HashRandom.normal(key, DrawPurpose.POLICY_NOISE, kind.noise(good));
      }
      weights[place] = ReproducibleMath.exp(score / TEMPERATURE);
    }
    hasWeights[leaf] = true;
  }

  /** The probability of a good in a first slot of this page (pi). */
  public double probability(int good) {
    int leaf = world.products.leaf[kind.product(good)];
    double pi = UNIFORM / shelf.goods.length + POPULAR * shelf.popularity[good];
    int place = shelf.place[good];
    if (place >= 0) {
      double weight = leafWeights[leaf];
      for (int i = 0; i < bonuses; i++) {
        weight += bonusLeaves[i] == leaf ? bonusWeights[i] : 0;
      }
      double total = total(leaf);
      pi += PERSONAL * weight / leafTotal * weight(place) / total;
    }
    return pi;
  }
}
