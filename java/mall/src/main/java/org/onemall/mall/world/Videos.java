package org.onemall.mall.world;

import java.util.Arrays;

/**
 * The short videos, a column for each attribute. Numbers 0..{@link #ecom} - 1 sell a product, the
 * rest are entertainment; a column that only one kind has is indexed by the number within its kind.
 */
public final class Videos {
  private static final int TABLE = 3;
  private static final int ENTERTAINMENT_TABLE = 4;
  private static final double MEAN_LIFE = 30;
  private static final double NOISE_SHARE = 0.09;

  public final int ecom;
  public final int entertainment;

  /** Of all videos. */
  public final int[] creator;

  public final int[] durationMs;

  /** Of e-commerce videos. */
  public final int[] product;

  public final float[] quality;
  public final float[] ownBait;
  public final float[] popularity;
  public final short[] arrival;
  public final float[] end;

  /** Of entertainment videos: category, and the topic, which noise categories have in vain. */
  public final byte[] category;

  public final byte[] topicLeaf;
  public final byte[] topicColour;
  public final byte[] topicPattern;
  public final float[] appeal;

  Videos(WorldParameters parameters, Products products, Authors authors, HashRandom draws) {
    ecom = parameters.ecomVideos();
    entertainment = parameters.entertainmentVideos();
    creator = new int[ecom + entertainment];
    durationMs = new int[ecom + entertainment];
    product = new int[ecom];
    quality = new float[ecom];
    ownBait = new float[ecom];
    popularity = new float[ecom];
    arrival = new short[ecom];
    end = new float[ecom];
    category = new byte[entertainment];
    topicLeaf = new byte[entertainment];
    topicColour = new byte[entertainment];
    topicPattern = new byte[entertainment];
    appeal = new float[entertainment];
    drawEcom(parameters.days(), products, authors, draws.dice(DrawPurpose.TABLE, TABLE, 0));
    drawEntertainment(products, authors, draws.dice(DrawPurpose.TABLE, ENTERTAINMENT_TABLE, 0));
  }

  private void drawEcom(int days, Products products, Authors authors, Dice dice) {
    double[] weights = new double[products.size()];
    for (int p = 0; p < weights.length; p++) {
      weights[p] = StrictMath.exp(0.6 * products.quality[p] + 0.4 * dice.normal());
    }
    double[] sums = ReproducibleMath.sums(weights);
    int[][] byTop = byTop(authors);
    for (int v = 0; v < ecom; v++) {
      product[v] = dice.pick(sums);
    }
    Arrays.sort(product);
    for (int v = 0; v < ecom; v++) {
      int p = product[v];
      quality[v] = (float) dice.normal();
      ownBait[v] = (float) dice.normal();
      double noise = dice.normal();
      popularity[v] =
          (float)
              (StrictMath.exp(0.6 * quality[v] + 0.4 * ownBait[v] + 0.5 * noise)
                  * Math.sqrt(products.popularity[p]));
      durationMs[v] = duration(3.3, 0.5, 120, dice);
      int day = dice.chance(0.65) ? -1 - dice.index(19) : dice.index(days);
      arrival[v] = (short) Math.max(day, products.arrival[p]);
      end[v] = Products.end(arrival[v], Math.max(3, dice.exponential(MEAN_LIFE)));
      int[] creators = byTop[Taxonomy.top(products.leaf[p])];
      creator[v] = creators.length == 0 ? dice.index(authors.size()) : one(creators, dice);
    }
  }

  private static int[][] byTop(Authors authors) {
    int[][] byTop = new int[Taxonomy.TOPS][];
    for (int t = 0; t < byTop.length; t++) {
      int top = t;
      byTop[t] =
          java.util.stream.IntStream.range(0, authors.size())
              .filter(a -> authors.top[a] == top)
              .toArray();
    }
    return byTop;
  }

  private static int one(int[] of, Dice dice) {
    return of[dice.index(of.length)];
  }

  private static int duration(double logMean, double logDeviation, double most, Dice dice) {
    double seconds = StrictMath.exp(logMean + logDeviation * dice.normal());
    return (int) Math.rint(1_000 * ReproducibleMath.clip(seconds, 7, most));
  }

  private void drawEntertainment(Products products, Authors authors, Dice dice) {
    double[] shares = new double[AttributeWords.ENTERTAINMENT_COUNT];
    int noise = shares.length - AttributeWords.INTERESTS;
    for (int c = 0; c < shares.length; c++) {
      shares[c] =
          c < AttributeWords.INTERESTS
              ? (1 - noise * NOISE_SHARE) / AttributeWords.INTERESTS
              : NOISE_SHARE;
    }
    double[] categories = ReproducibleMath.sums(shares);
    double[] leaves = ReproducibleMath.sums(products.leafWeights);
    double[] colours = ReproducibleMath.sums(AttributeWords.COLOUR_SHARES);
    double[] patterns = ReproducibleMath.sums(AttributeWords.PATTERN_SHARES);
    for (int v = 0; v < entertainment; v++) {
      category[v] = (byte) dice.pick(categories);
      if (isInterest(v)) {
        int from = category[v] * Taxonomy.LEAVES_OF_TOP;
        double below = from == 0 ? 0 : leaves[from - 1];
        int to = from + Taxonomy.LEAVES_OF_TOP;
        double x = dice.uniform(below, leaves[to - 1]);
        topicLeaf[v] = (byte) ReproducibleMath.search(leaves, from, to, x);
      } else {
        topicLeaf[v] = (byte) dice.index(Taxonomy.LEAVES);
      }
      topicColour[v] = (byte) dice.pick(colours);
      topicPattern[v] = (byte) dice.pick(patterns);
      appeal[v] = (float) dice.normal();
      durationMs[ecom + v] = duration(3.4, 0.6, 180, dice);
      creator[ecom + v] = dice.index(authors.size());
    }
  }

  /** Whether an entertainment video's category can set an intent. */
  public boolean isInterest(int entertainmentVideo) {
    return category[entertainmentVideo] < AttributeWords.INTERESTS;
  }

  boolean isShown(int video, int day) {
    return arrival[video] <= day && day < end[video];
  }

  /** The click-bait of an e-commerce video: its product's and its own. */
  public float bait(int video, Products products) {
    return (float) (0.6 * products.bait[product[video]] + 0.8 * ownBait[video]);
  }
}
