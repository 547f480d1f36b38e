package org.onemall.mall.world;

/** The kinds of people that users are noisy copies of. */
public final class Personas {
  public static final int COUNT = 24;
  private static final int TABLE = 6;

  public final double[][] tops = new double[COUNT][Taxonomy.TOPS];

  /** Within each top: Σ over its ten leaves = 1. */
  public final double[][] leaves = new double[COUNT][Taxonomy.LEAVES];

  public final double[][] styles = new double[COUNT][AttributeWords.STYLE_COUNT];
  public final double[][] colours = new double[COUNT][AttributeWords.COLOUR_COUNT];
  public final double[][] patterns = new double[COUNT][AttributeWords.PATTERN_COUNT];
  public final double[] price = new double[COUNT];
  public final int[] ageBand = new int[COUNT];
  public final int[] cityTier = new int[COUNT];

  Personas(Products products, HashRandom draws) {
    Dice dice = draws.dice(DrawPurpose.TABLE, TABLE, 0);
    for (int k = 0; k < COUNT; k++) {
      for (int t = 0; t < Taxonomy.TOPS; t++) {
        tops[k][t] = dice.gamma(0.6) + 0.02;
      }
      ReproducibleMath.normalise(tops[k]);
      fill(styles[k], dice);
      fill(colours[k], dice);
      fill(patterns[k], dice);
      price[k] = 0.6 * dice.normal();
      for (int t = 0; t < Taxonomy.TOPS; t++) {
        drawLeaves(leaves[k], t * Taxonomy.LEAVES_OF_TOP, products.leafWeights, dice);
      }
      ageBand[k] = dice.index(6);
      cityTier[k] = dice.index(5);
    }
  }

  private static void fill(double[] means, Dice dice) {
    for (int i = 0; i < means.length; i++) {
      means[i] = 0.8 * dice.normal();
    }
  }

  private static void drawLeaves(double[] leaves, int from, double[] weights, Dice dice) {
    double sum = 0;
    for (int l = from; l < from + Taxonomy.LEAVES_OF_TOP; l++) {
      sum += weights[l];
    }
    double total = 0;
    for (int l = from; l < from + Taxonomy.LEAVES_OF_TOP; l++) {
      leaves[l] = dice.gamma(Math.max(3 * weights[l] / sum, 0.05));
      total += leaves[l];
    }
    for (int l = from; l < from + Taxonomy.LEAVES_OF_TOP; l++) {
      leaves[l] /= total;
    }
  }
}
