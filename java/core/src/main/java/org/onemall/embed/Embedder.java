package org.onemall.embed;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.model.ItemVectors;
import org.onemall.model.Model;
import org.onemall.model.Models;
import org.onemall.tensor.Tensor;
import org.onemall.tokenizer.ItemTexts;
import org.onemall.tokenizer.PictureFeatures;
import org.onemall.tokenizer.TokenizerCard;
import org.onemall.tokenizer.TokenizerConfig;

/** Runs every item through the item tokenizer's embedding model. */
public final class Embedder {
  private static final int ITEMS_PER_CALL = 1_024;

  private Embedder() {}

  /**
   * The tuned tokenizer.
   *
   * @param weights {@code tokenizer.safetensors}
   * @param features {@code picture_features.arrow}
   */
  public record Tuned(TokenizerCard card, Path weights, Path features) {}

  /**
   * The hidden state at {@code <EMB>} of every item.
   *
   * @param encoder the settings that the weights were trained with
   * @param items {@code items.arrow}
   * @param ends of the items of each period, see {@link ItemVectors#infer}
   * @return FLOAT32 (items, width) of unit vectors; belongs to the caller
   */
  public static Tensor embed(
      Models models,
      TokenizerConfig.Encoder encoder,
      Tuned tuned,
      Path items,
      int[] ends,
      long seed,
      BufferAllocator allocator)
      throws IOException {
    try (Model model = models.open(Models.Kind.ITEM_ENCODER, encoder, seed)) {
      model.load(tuned.weights(), false);
      int count = ItemTexts.feed(model, items, allocator);
      if (count != ends[ends.length - 1]) {
        throw new IllegalArgumentException(
            "%s: expected %d items, found %d".formatted(items, ends[ends.length - 1], count));
      }
      TokenizerConfig.Vision vision = encoder.vision();
      if (vision != null && encoder.reads(TokenizerConfig.Use.PICTURE)) {
        PictureFeatures.feed(model, tuned.features(), vision.tokens(), allocator);
      }
      return ItemVectors.infer(
          model, "embed", ends, tuned.card().width(), ITEMS_PER_CALL, allocator);
    }
  }
}
