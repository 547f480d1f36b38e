package org.onemall.mall;

import java.util.Arrays;

/**
 * The latents of one user on one day, drawn anew from the user's own generator at each {@link
 * #load}: nothing of them is stored. One for each thread.
 */
final class Shopper {
  private static final double ACTIVITY = 0.12;
  private static final double DRIFT = 0.02;
  private static final int FOLLOW_CANDIDATES = 1_000;

  private final World world;
  private final double[] brandShares = Numbers.sums(Numbers.zipf(Words.BRANDS_OF_TOP, 0.8));

  int user;
  int persona;

  /** Shares of the leaves, ρ. */
  final double[] leaves = new double[Taxonomy.LEAVES];

  final double[] tops = new double[Taxonomy.TOPS];

  /** Sums of the intent prior, ∝ ρ^1.5. */
  final double[] intentSums = new double[Taxonomy.LEAVES];

  final double[] style = new double[Words.STYLES.length];
  final double[] colour = new double[Words.COLOURS.length];
  final double[] pattern = new double[Words.PATTERNS.length];
  final double[] colourSums = new double[Words.COLOURS.length];
  final double[] patternSums = new double[Words.PATTERNS.length];

  /** Sums of the scenario preference. */
  final double[] scenarioSums = new double[3];

  final double[] entertainment = new double[Words.ENTERTAINMENT.length];
  double priceTarget;
  double priceSensitivity;

  private final double[] leafMatch = new double[Taxonomy.LEAVES];
  private final double[] loyalty = new double[Taxonomy.TOPS * Words.BRANDS_OF_TOP];
  private final int[] loyalBrands = new int[3];

  Shopper(World world) {
    this.world = world;
  }

  static int registrationDay(World world, int user) {
    long key = world.draws.key(user, 0, 0, 0);
    double u = Draws.uniform(key, Purpose.REGISTERED, 0);
    int days = world.parameters.days();
    return u < 0.9
        ? -1 - Draws.index(key, Purpose.REGISTERED, 1, 720)
        : Draws.index(key, Purpose.REGISTERED, 1, days);
  }

  static boolean isActive(World world, int user, int day) {
    double pareto =
        StrictMath.pow(
            Draws.uniform(world.draws.key(user, 0, 0, 0), Purpose.ACTIVITY, 0), -1 / 1.3);
    double activity = Math.min(0.95, ACTIVITY * pareto);
    return Draws.uniform(world.draws.key(user, day, 0, 0), Purpose.ACTIVE, 0) < activity
        && registrationDay(world, user) <= day;
  }

  /** Becomes a user on a day. */
  void load(int newUser, int day) {
    user = newUser;
    Dice dice = world.draws.dice(Purpose.LATENTS, 0, newUser);
    Personas personas = world.personas;
    persona = dice.index(Personas.COUNT);
    drawLeaves(personas, dice);
    fill(style, personas.styles[persona], dice);
    fill(colour, personas.colours[persona], dice);
    fill(pattern, personas.patterns[persona], dice);
    priceTarget = personas.price[persona] + 0.5 * dice.normal();
    priceSensitivity = Numbers.exp(StrictMath.log(0.8) + 0.3 * dice.normal());
    double[] topSums = Numbers.sums(tops);
    Arrays.fill(loyalty, 0);
    for (int i = 0; i < loyalBrands.length; i++) {
      loyalBrands[i] = dice.pick(topSums) * Words.BRANDS_OF_TOP + dice.pick(brandShares);
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
          c < Words.INTERESTS
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
    Numbers.normalise(tops);
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
      if (Draws.uniform(key, Purpose.DRIFT, 0) < DRIFT) {
        int favourite = 0;
        for (int l = 1; l < leaves.length; l++) {
          favourite = leaves[l] > leaves[favourite] ? l : favourite;
        }
        int other = Draws.index(key, Purpose.DRIFT_LEAF, 0, leaves.length);
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
      leafMatch[l] = 0.8 * Numbers.clip(g, -3, 3) / 3;
    }
    softmaxSums(colour, colourSums);
    softmaxSums(pattern, patternSums);
  }

  private static void softmaxSums(double[] tastes, double[] sums) {
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += Numbers.exp(1.2 * tastes[i]);
      sums[i] = sum;
    }
  }

  /** How well a product suits this user, whatever the user is looking for (m). */
  double match(int product) {
    Catalogue c = world.catalogue;
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
  int[] drawFollows() {
    long key = world.draws.key(user, 0, 0, 0);
    int[] follows = new int[UserStates.FOLLOWS];
    Arrays.fill(follows, UserStates.NONE);
    int count =
        Math.min(follows.length, Numbers.poisson(3, Draws.uniform(key, Purpose.FOLLOW, -1)));
    double[] best = new double[count];
    Arrays.fill(best, Double.NEGATIVE_INFINITY);
    Authors authors = world.authors;
    boolean few = authors.size() <= FOLLOW_CANDIDATES;
    int candidates = few ? authors.size() : FOLLOW_CANDIDATES;
    for (int i = 0; i < candidates && count > 0; i++) {
      int a = few ? i : Draws.index(key, Purpose.FOLLOW_CANDIDATE, i, authors.size());
      double gumbel = -StrictMath.log(-StrictMath.log(Draws.uniform(key, Purpose.FOLLOW, a)));
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
