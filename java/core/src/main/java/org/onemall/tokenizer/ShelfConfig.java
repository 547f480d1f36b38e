package org.onemall.tokenizer;

import java.nio.file.Path;
import java.util.List;
import org.onemall.model.Device;

/**
 * Settings of {@code onemall pictures}.
 *
 * @param data folder with {@code meta.json} (products with title, class, studio picture and shelf
 *     photos) and the files that it names
 * @param seeds each one another split of the products, other weights and another order
 * @param heldOut share of the products that training doesn't see
 * @param tokenizer how the model is tuned; its {@code pictures} and {@code held_out} stay unused
 */
public record ShelfConfig(
    Device device,
    int threads,
    Path data,
    List<Long> seeds,
    double heldOut,
    int bootstrapSamples,
    TokenizerConfig tokenizer) {
  public ShelfConfig {
    if (seeds.isEmpty()) {
      throw new IllegalArgumentException("seeds: expected at least one, found none");
    }
    if (!(heldOut > 0 && heldOut < 1)) {
      throw new IllegalArgumentException("held_out: expected above 0, below 1, found " + heldOut);
    }
    if (bootstrapSamples < 100) {
      throw new IllegalArgumentException(
          "bootstrap_samples: expected 100 or more, found " + bootstrapSamples);
    }
    if (tokenizer.encoder().vision() == null) {
      throw new IllegalArgumentException("tokenizer: expected encoder.vision, found none");
    }
    if (tokenizer.align() != null) {
      throw new IllegalArgumentException(
          "tokenizer.align: expected none: it would show the titles and pictures of products that are held out");
    }
    seeds = List.copyOf(seeds);
  }
}
