package org.onemall.twotower;

import java.io.IOException;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.model.ItemVectors;
import org.onemall.model.Model;
import org.onemall.model.Models;
import org.onemall.shop.Baskets;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;
import org.onemall.training.Checkpoints;
import org.onemall.training.StepListener;
import org.onemall.training.Training;

/**
 * A small two-tower network (PAPER section 2): user's latest items against the next one, in-batch
 * softmax with log-Q popularity correction. Its item vectors are what is wanted.
 */
public final class TwoTower {
  private static final int ITEMS_PER_CALL = 4_096;

  private TwoTower() {}

  /**
   * Trains on everything before a moment; after a kill, goes on from the last checkpoint.
   *
   * @return FLOAT32 (items, width) of unit vectors, and of zeros where nothing is known of an item;
   *     belongs to the caller
   */
  public static Tensor train(
      Models models,
      TwoTowerConfig config,
      TowerInput input,
      long seed,
      BufferAllocator allocator,
      Checkpoints checkpoints,
      StepListener listener)
      throws IOException {
    Baskets baskets = input.baskets();
    int[] categories = input.categories();
    Examples examples = new Examples(baskets, baskets.before(input.before()), config, seed);
    int features = config.price() ? 1 : 0;
    boolean category = Boolean.TRUE.equals(config.category());
    int kinds = category ? Arrays.stream(categories).max().orElse(-1) + 1 : 0;
    Object network = TwoTowerModelConfig.of(config.towers(), input.known(), features, kinds);
    try (Model model = models.open(Models.Kind.TWO_TOWER, network, seed);
        Tensors tensors = new Tensors()) {
      if (config.price()) {
        addPrices(tensors, input, allocator);
      }
      if (kinds > 0) {
        Tensor of = tensors.add("category", allocator, DType.INT32, categories.length);
        for (int item = 0; item < categories.length; item++) {
          of.setInt(item, categories[item]);
        }
      }
      if (config.price() || kinds > 0) {
        model.feed("items", tensors);
      }
      new Training("two-tower", "next_item", model, config.schedule(), config.steps())
          .run(step -> examples.batch(step, allocator), checkpoints, listener);
      return ItemVectors.infer(
          model, "items", input.ends(), config.towers().width(), ITEMS_PER_CALL, allocator);
    }
  }

  /** Log prices; those of the known items have mean 0 and deviation 1. */
  private static void addPrices(Tensors tensors, TowerInput input, BufferAllocator allocator) {
    float[] prices = input.prices();
    double sum = 0;
    double squares = 0;
    for (int item = 0; item < input.known(); item++) {
      double log = Math.log1p(prices[item]);
      sum += log;
      squares += log * log;
    }
    double mean = sum / input.known();
    double deviation = Math.sqrt(Math.max(1e-12, squares / input.known() - mean * mean));
    Tensor features = tensors.add("features", allocator, DType.FLOAT32, prices.length, 1);
    for (int item = 0; item < prices.length; item++) {
      features.setFloat(item, (float) ((Math.log1p(prices[item]) - mean) / deviation));
    }
  }
}
