package org.onemall.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.model.Model;
import org.onemall.model.Models;
import org.onemall.model.Schedule;
import org.onemall.model.StepListener;
import org.onemall.model.Training;
import org.onemall.tensor.Tensors;

/**
 * Tunes the item tokenizer's embedding model (PAPER section 3): InfoNCE over batches of item pairs.
 */
public final class ItemTokenizer {
  private ItemTokenizer() {}

  /**
   * Trains and saves.
   *
   * @param items {@code items.arrow}
   * @param itemPairs {@code item_pairs.arrow}
   * @param weights the file to write
   */
  public static TokenizerCard train(
      Models models,
      TokenizerConfig config,
      Path items,
      Path itemPairs,
      Path weights,
      long seed,
      BufferAllocator allocator,
      StepListener listener)
      throws IOException {
    try (Model model = models.open(Models.Kind.TEXT_ENCODER, config.encoder(), seed)) {
      ItemTexts.feed(model, items, allocator);
      List<Double> losses = new ArrayList<>();
      if (config.steps() > 0) {
        PairBatches batches = PairBatches.read(itemPairs, config.batchPairs(), seed, allocator);
        Training.run(
            "item tokenizer",
            model,
            step -> batches.next(allocator),
            new Schedule(
                config.learningRate(), config.warmupSteps(), config.steps(), config.finalShare()),
            (step, figures) -> {
              losses.add(figures.getOrDefault("loss", Double.NaN));
              listener.step(step, figures);
            });
      }
      model.save(weights, false);
      return new TokenizerCard(config.encoder().backbone(), width(model), config.steps(), losses);
    }
  }

  private static int width(Model model) {
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      Map<String, Double> answer = model.infer("width", in, out);
      return (int) (double) answer.getOrDefault("width", 0.0);
    }
  }
}
