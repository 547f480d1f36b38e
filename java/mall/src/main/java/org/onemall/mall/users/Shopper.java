package org.onemall.mall.users;

import java.util.Arrays;
import org.onemall.mall.world.AttributeWords;
import org.onemall.mall.world.Authors;
import org.onemall.mall.world.Dice;
import org.onemall.mall.world.DrawPurpose;
import org.onemall.mall.world.HashRandom;
import org.onemall.mall.world.Personas;
import org.onemall.mall.world.Products;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.Taxonomy;
import org.onemall.mall.world.World;

/**
 * The latents of one user on one day, drawn anew from the user's own generator at each {@link
 * #load}: nothing of them is stored. One for each thread.
 */
public final class Shopper {
  private static final double ACTIVITY = 0.12;
  private static final double DRIFT = 0.02;
  private static final int FOLLOW_CANDIDATES = 1_000;

  private final World world;
  private final double[] brandShares =
      ReproducibleMath.sums(ReproducibleMath.zipf(AttributeWords.BRANDS_OF_TOP, 0.8));

  public int user;
  public int persona;

  /** Shares of the leaves, ρ. */
  public final double[] leaves = new double[Taxonomy.LEAVES];

  final double[] tops = new double[Taxonomy.TOPS];

  /** Sums of the intent prior, ∝ ρ^1.5. */
  public final double[] intentSums = new double[Taxonomy.LEAVES];

  public final double[] style = new double[AttributeWords.STYLE_COUNT];
  public final double[] colour = new double[AttributeWords.COLOUR_COUNT];
  public final double[] pattern = new double[AttributeWords.PATTERN_COUNT];
  public final double[] colourSums = new double[AttributeWords.COLOUR_COUNT];
  public final double[] patternSums = new double[AttributeWords.PATTERN_COUNT];

  /** Sums of the scenario preference. */
  public final double[] scenarioSums = new double[3];

  public final double[] entertainment = new double[AttributeWords.ENTERTAINMENT_COUNT];
  public double priceTarget;
  public double priceSensitivity;

  private final double[] leafMatch = new double[Taxonomy.LEAVES];
  private final double[] loyalty = new double[Taxonomy.TOPS * AttributeWords.BRANDS_OF_TOP];
  private final int[] loyalBrands = new int[3];

  public Shopper(World world) {
    this.world = world;
  }

  public static int registrationDay(World world, int user) {
    long key = world.draws.key(user, 0, 0, 0);
    double u = HashRandom.uniform(key, DrawPurpose.REGISTERED, 0);
    int days = world.parameters.days();
    return u < 0.9
        ? -1 - HashRandom.index(key, DrawPurpose.REGISTERED, 1, 720)
        : HashRandom.index(key, DrawPurpose.REGISTERED, 1, days);
  }

  public static boolean isActive(World world, int user, int day) {
    double pareto =
        StrictMath.pow(
            HashRandom.uniform(world.draws.key(user, 0, 0, 0), DrawPurpose.ACTIVITY, 0), -1 / 1.3);
    double activity = Math.min(0.95, ACTIVITY * pareto);
    return HashRandom.uniform(world.draws.key(user, day, 0, 0), DrawPurpose.ACTIVE, 0) < activity
        && registrationDay(world, user) <= day;
  }

  /** Becomes a user on a day. */
  public void load(int newUser, int day) {
    user = newUser;
    Dice dice = world.draws.dice(DrawPurpose.LATENTS, 0, newUser);
    Personas personas = world.personas;
    persona = dice.index(Personas.COUNT);
    drawLeaves(personas, dice);
    fill(style, personas.styles[persona], dice);
    fill(colour, personas.colours[persona], dice);
    fill(pattern, personas.patterns[persona], dice);
    priceTarget = personas.price[persona] + 0.5 * dice.normal();
    priceSensitivity = ReproducibleMath.exp(StrictMath.log(0.8) + 0.3 * dice.normal());
    double[] topSums = ReproducibleMath.sums(tops);
    Arrays.fill(loyalty, 0);
    for (int i = 0; i < loyalBrands.length; i++) {
      loyalBrands[i] = dice.pick(topSums) * AttributeWords.BRANDS_OF_TOP + dice.pick(brandShares);
      loyalty[loyalBrands[i]] = 0.8;
    }
    double card = dice.gamma(3);
    double video = card + dice.gamma(3);
    double all = video + dice.gamma(1.5);
    scenarioSums[0] = card / all;
    scenarioSums[1] = video / all;
    scenarioSums[2] = 1;
    for (int c = 0; c < entertainment.length; c++) {
      entertainment[c] =
          c < AttributeWords.INTERESTS
              ? StrictMath.log(tops[c] + 0.02) + 0.4 * dice.normal()
              : -1 + 0.7 * dice.normal();
    }
    drift(day);
    derive();
  }

  private void drawLeaves(Personas personas, Dice dice) {
    for (int t = 0; t < tops.length; t++) {
      tops[t] = dice.gamma(6 * personas.tops[persona][t] + 0.25);
    }
    ReproducibleMath.normalise(tops);
    double[] mix = personas.leaves[persona];
    for (int t = 0; t < tops.length; t++) {
      int from = t * Taxonomy.LEAVES_OF_TOP;
      double sum = 0;
      for (int l = from; l < from + Taxonomy.LEAVES_OF_TOP; l++) {
        leaves[l] = dice.gamma(5 * (0.6 * mix[l] + 0.04) + 0.05);
        sum += leaves[l];
      }
      for (int l = from; l < from + Taxonomy.LEAVES_OF_TOP; l++) {
        leaves[l] *= tops[t] / sum;
      }
    }
  }

  private static void fill(double[] tastes, double[] means, Dice dice) {
    for (int i = 0; i < tastes.length; i++) {
      tastes[i] = 0.844 * means[i] + 0.55 * dice.normal();
    }
  }

  /** On each day so far, with 2 %, the favourite leaf changed places with another. */
  private void drift(int day) {
    for (int d = 1; d <= day; d++) {
      long key = world.draws.key(user, d, 0, 0);
      if (HashRandom.uniform(key, DrawPurpose.DRIFT, 0) < DRIFT) {
        int favourite = 0;
        for (int l = 1; l < leaves.length; l++) {
          favourite = leaves[l] > leaves[favourite] ? l : favourite;
        }
        int other = HashRandom.index(key, DrawPurpose.DRIFT_LEAF, 0, leaves.length);
        double held = leaves[favourite];
        leaves[favourite] = leaves[other];
        leaves[other] = held;
      }
    }
  }

  private void derive() {
    double sum = 0;
    for (int l = 0; l < leaves.length; l++) {
      sum += leaves[l] * Math.sqrt(leaves[l]);
      intentSums[l] = sum;
      double g = StrictMath.log(Taxonomy.LEAVES * Math.max(leaves[l], 1e-30));
      leafMatch[l] = 0.8 * ReproducibleMath.clip(g, -3, 3) / 3;
    }
    softmaxSums(colour, colourSums);
    softmaxSums(pattern, patternSums);
  }

  private static void softmaxSums(double[] tastes, double[] sums) {
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += ReproducibleMath.exp(1.2 * tastes[i]);
      sums[i] = sum;
    }
  }

  /** How well a product suits this user, whatever the user is looking for (m). */
  public double match(int product) {
    Products c = world.products;
    int traits = c.traits(product);
    double dz = c.priceZ(product) - priceTarget;
    return leafMatch[traits & 127]
        + 0.4 * (style[traits >> 7 & 7] + colour[traits >> 10 & 15])
        + 0.3 * pattern[traits >> 14 & 7]
        + loyalty[traits >> 17]
        + 0.35 * (c.quality(product) - priceSensitivity * Math.min(dz * dz, 6));
  }

  /** Log share of an author's leaves among this user's (part of S and of following). */
  double logAuthorShare(int author) {
    byte[] of = world.authors.leaves;
    int from = author * Authors.LEAVES;
    return StrictMath.log(leaves[of[from]] + leaves[of[from + 1]] + leaves[of[from + 2]] + 0.01);
  }

  /** Gumbel-top-k over authors; to be called with the latents of day 0's user, before drift. */
  public int[] drawFollows() {
    long key = world.draws.key(user, 0, 0, 0);
    int[] follows = new int[UserStates.FOLLOWS];
    Arrays.fill(follows, UserStates.NONE);
    int count =
        Math.min(
            follows.length,
            ReproducibleMath.poisson(3, HashRandom.uniform(key, DrawPurpose.FOLLOW, -1)));
    double[] best = new double[count];
    Arrays.fill(best, Double.NEGATIVE_INFINITY);
    Authors authors = world.authors;
    boolean few = authors.size() <= FOLLOW_CANDIDATES;
    int candidates = few ? authors.size() : FOLLOW_CANDIDATES;
    for (int i = 0; i < candidates && count > 0; i++) {
      int a = few ? i : HashRandom.index(key, DrawPurpose.FOLLOW_CANDIDATE, i, authors.size());
      double gumbel =
          -StrictMath.log(-StrictMath.log(HashRandom.uniform(key, DrawPurpose.FOLLOW, a)));
      double score =
          0.9 * logAuthorShare(a) + authors.charisma[a] + 0.4 * style[authors.style[a]] + gumbel;
      insert(follows, best, a, score);
    }
    return follows;
  }

  /** Keeps the best authors in falling order, each once. */
  private static void insert(int[] follows, double[] best, int author, double score) {
    int place = best.length;
    for (int j = 0; j < best.length; j++) {
      if (follows[j] == author) {
        return;
      }
    }
    while (place > 0 && score > best[place - 1]) {
      place--;
    }
    for (int j = best.length - 1; j > place; j--) {
      best[j] = best[j - 1];
      follows[j] = follows[j - 1];
    }
    if (place < best.length) {
      best[place] = score;
      follows[place] = author;
    }
  }
}
