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
 * The item tokenizer's embedding model (PAPER section 3), tuned by InfoNCE over batches of item
 * pairs. Owns the network.
 */
public final class ItemTokenizer implements AutoCloseable {
  private final Model model;
  private final TokenizerCard card;

  private ItemTokenizer(Model model, TokenizerCard card) {
    this.model = model;
    this.card = card;
  }

  /**
   * Trains.
   *
   * @param items {@code items.arrow}
   * @param itemPairs {@code item_pairs.arrow}
   */
  public static ItemTokenizer train(
      Models models,
      TokenizerConfig config,
      Path items,
      Path itemPairs,
      long seed,
      BufferAllocator allocator,
      StepListener listener)
      throws IOException {
    Model model = models.open(Models.Kind.TEXT_ENCODER, config.encoder(), seed);
    try {
      ItemTexts.feed(model, items, allocator);
      List<Double> losses =
          config.steps() == 0
              ? List.of()
              : tune(
                  model,
                  config,
                  PairBatches.read(itemPairs, config.batchPairs(), seed, allocator),
                  allocator,
                  listener);
      return new ItemTokenizer(
          model,
          new TokenizerCard(config.encoder().backbone(), width(model), config.steps(), losses));
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static List<Double> tune(
      Model model,
      TokenizerConfig config,
      PairBatches batches,
      BufferAllocator allocator,
      StepListener listener) {
    List<Double> losses = new ArrayList<>();
    Schedule schedule =
        new Schedule(
            config.learningRate(), config.warmupSteps(), config.steps(), config.finalShare());
    Training.run(
        "item tokenizer",
        model,
        step -> batches.next(allocator),
        schedule,
        (step, figures) -> {
          losses.add(figures.getOrDefault("loss", Double.NaN));
          listener.step(step, figures);
        });
    return losses;
  }

  private static int width(Model model) {
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      Map<String, Double> answer = model.infer("width", in, out);
      return (int) (double) answer.getOrDefault("width", 0.0);
    }
  }

  /** What is to be known about the weights. */
  public TokenizerCard card() {
    return card;
  }

  /** Writes the weights as safetensors. */
  public void save(Path file) {
    model.save(file, false);
  }

  @Override
  public void close() {
    model.close();
  }
}
