package org.onemall.mall.world;

import java.util.Arrays;

/** The products, a column for each attribute; the row is the product's number inside the world. */
public final class Products {
  private static final int TABLE = 1;
  private static final int PRODUCTS_OF_SHOP = 20;
  private static final double MEAN_LIFE = 90;

  /** Reordering columns here changes worlds: every draw comes from one generator. */
  public final byte[] leaf;

  public final byte[] style;
  public final byte[] colour;
  public final byte[] pattern;
  public final byte[] material;
  public final byte[] use;
  public final short[] brand;
  public final float[] priceZ;
  final int[] priceFen;
  public final float[] quality;
  public final float[] bait;
  public final float[] popularity;
  public final int[] shop;
  public final short[] arrival;

  /** On sale on the days d with arrival <= d < end. */
  public final float[] end;

  /** Σ = 1. */
  final double[] leafWeights;

  /**
   * What a match reads of a product, side by side: leaf (7 bits), style (3), colour (4), pattern
   * (3), brand; and price and quality. Products lie in the order of their leaves, so that a leaf's
   * are neighbours in memory; items, which are shuffled, don't show it.
   */
  private final int[] traits;

  private final float[] scores;
  private final HashRandom draws;

  Products(WorldParameters parameters, Taxonomy taxonomy, HashRandom draws) {
    this.draws = draws;
    int size = parameters.products();
    leaf = new byte[size];
    style = new byte[size];
    colour = new byte[size];
    pattern = new byte[size];
    material = new byte[size];
    use = new byte[size];
    brand = new short[size];
    priceZ = new float[size];
    priceFen = new int[size];
    quality = new float[size];
    bait = new float[size];
    popularity = new float[size];
    shop = new int[size];
    arrival = new short[size];
    end = new float[size];
    Dice dice = draws.dice(DrawPurpose.TABLE, TABLE, 0);
    leafWeights = leafWeights(dice);
    Frame frame = new Frame(leafWeights, dice, size);
    for (int p = 0; p < size; p++) {
      leaf[p] = (byte) dice.pick(frame.leaves);
    }
    Arrays.sort(leaf);
    traits = new int[size];
    scores = new float[2 * size];
    for (int p = 0; p < size; p++) {
      draw(p, frame, dice, taxonomy, parameters.days());
      traits[p] = leaf[p] | style[p] << 7 | colour[p] << 10 | pattern[p] << 14 | brand[p] << 17;
      scores[2 * p] = priceZ[p];
      scores[2 * p + 1] = quality[p];
    }
  }

  private static double[] leafWeights(Dice dice) {
    double[] weights = new double[Taxonomy.LEAVES];
    for (int l = 0; l < weights.length; l++) {
      weights[l] = StrictMath.exp(0.5 * dice.normal());
    }
    return ReproducibleMath.normalise(weights);
  }

  /** What all products' draws share. */
  private static final class Frame {
    final double[] leaves = new double[Taxonomy.LEAVES];
    final double[][] styles = new double[Taxonomy.LEAVES][];
    final double[] colours = ReproducibleMath.sums(AttributeWords.COLOUR_SHARES);
    final double[] patterns = ReproducibleMath.sums(AttributeWords.PATTERN_SHARES);
    final double[] brands =
        ReproducibleMath.sums(ReproducibleMath.zipf(AttributeWords.BRANDS_OF_TOP, 0.8));
    final double[] tiers = new double[Taxonomy.TOPS * AttributeWords.BRANDS_OF_TOP];
    final int[] firstShop = new int[Taxonomy.TOPS + 1];

    Frame(double[] leafWeights, Dice dice, int products) {
      double[] shares = new double[Taxonomy.LEAVES];
      double[] tops = new double[Taxonomy.TOPS];
      for (int l = 0; l < shares.length; l++) {
        shares[l] = 0.5 * leafWeights[l] + 0.5 / Taxonomy.LEAVES;
        tops[Taxonomy.top(l)] += shares[l];
        double[] style = new double[AttributeWords.STYLE_COUNT];
        for (int s = 0; s < style.length; s++) {
          style[s] = 0.7 * dice.normal();
        }
        styles[l] = ReproducibleMath.sums(ReproducibleMath.softmax(style, 1));
      }
      System.arraycopy(ReproducibleMath.sums(shares), 0, leaves, 0, leaves.length);
      for (int b = 0; b < tiers.length; b++) {
        tiers[b] = (dice.index(5) - 2) / StrictMath.sqrt(2);
      }
      for (int t = 0; t < tops.length; t++) {
        int shops = Math.max(1, (int) Math.rint(tops[t] * products / PRODUCTS_OF_SHOP));
        firstShop[t + 1] = firstShop[t] + shops;
      }
    }
  }

  private void draw(int p, Frame frame, Dice dice, Taxonomy taxonomy, int days) {
    int l = leaf[p];
    int top = Taxonomy.top(l);
    style[p] = (byte) dice.pick(frame.styles[l]);
    colour[p] = (byte) dice.pick(frame.colours);
    pattern[p] = (byte) dice.pick(frame.patterns);
    material[p] = (byte) dice.index(AttributeWords.MATERIALS.length);
    use[p] = (byte) dice.index(AttributeWords.USES.length);
    brand[p] = (short) (top * AttributeWords.BRANDS_OF_TOP + dice.pick(frame.brands));
    double tier = frame.tiers[brand[p]];
    double z = 0.5 * tier + 0.866 * dice.normal();
    priceZ[p] = (float) z;
    double yuan = Math.rint(taxonomy.medianPrice(l) * StrictMath.exp(0.45 * z)) - 0.1;
    priceFen[p] = (int) Math.rint(100 * Math.max(0.9, yuan));
    quality[p] = (float) (0.4 * tier + 0.917 * dice.normal());
    bait[p] = (float) dice.normal();
    popularity[p] =
        (float)
            (StrictMath.exp(0.7 * quality[p] + 0.4 * bait[p] + 0.6 * dice.normal())
                * Taxonomy.LEAVES
                * leafWeights[l]);
    int shops = frame.firstShop[top + 1] - frame.firstShop[top];
    shop[p] = frame.firstShop[top] + dice.index(shops);
    arrival[p] = (short) (dice.chance(0.8) ? -1 - dice.index(59) : dice.index(days));
    end[p] = end(arrival[p], Math.max(5, dice.exponential(MEAN_LIFE)));
  }

  /** What would end before day 0 stays for good. */
  static float end(int arrival, double life) {
    return arrival + life <= 0 ? Float.POSITIVE_INFINITY : (float) (arrival + life);
  }

  public int traits(int product) {
    return traits[product];
  }

  public float priceZ(int product) {
    return scores[2 * product];
  }

  public float quality(int product) {
    return scores[2 * product + 1];
  }

  public int size() {
    return leaf.length;
  }

  public boolean isOnSale(int product, int day) {
    return arrival[product] <= day
        && day < end[product]
        && HashRandom.uniform(draws.key(0, day, 0, 0), DrawPurpose.STOCK, product) >= 0.01;
  }

  public double yuan(int product) {
    return priceFen[product] / 100.0;
  }

  /** Products in the order of their leaves. */
  public LeafRows leaves() {
    return new LeafRows(leaf);
  }
}
