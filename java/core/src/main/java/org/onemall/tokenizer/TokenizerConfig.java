package org.onemall.tokenizer;

import org.jspecify.annotations.Nullable;

/**
 * Settings of stage tokenizer.
 *
 * @param steps of training; 0 takes the text model as it is
 * @param batchPairs pairs of items in a batch
 */
public record TokenizerConfig(
    Encoder encoder,
    int steps,
    int batchPairs,
    double learningRate,
    int warmupSteps,
    double finalShare) {
  public TokenizerConfig {
    check(steps >= 0, "steps", "0 or more", steps);
    check(batchPairs >= 2, "batch_pairs", "2 or more", batchPairs);
    check(learningRate > 0, "learning_rate", "more than 0", learningRate);
    check(warmupSteps >= 0, "warmup_steps", "0 or more", warmupSteps);
    check(finalShare >= 0 && finalShare <= 1, "final_share", "0 to 1", finalShare);
  }

  /** What a token sees. */
  public enum Attention {
    CAUSAL,
    BIDIRECTIONAL
  }

  /**
   * Where the vector is read: at the {@code <EMB>} position, there plus the mean of the other
   * tokens, or as that mean alone.
   */
  public enum Readout {
    EMB,
    EMB_MEAN,
    MEAN
  }

  /**
   * The text model, as {@code TextEncoderConfig} of {@code text_encoder.py} has it.
   *
   * @param backbone {@code minilm}, {@code tiny_qwen2}, {@code tiny_bert}, or the folder of a
   *     Hugging Face text model
   * @param maxTokens of a text; the rest is cut
   * @param trainableLayers the top ones; all where absent
   * @param dropout whether the backbone's own is on in training
   */
  public record Encoder(
      String backbone,
      Attention attention,
      Readout readout,
      int maxTokens,
      @Nullable Integer trainableLayers,
      double temperature,
      boolean learnTemperature,
      boolean dropout,
      double weightDecay) {
    public Encoder {
      if (backbone.isBlank()) {
        throw new IllegalArgumentException(
            "tokenizer.encoder.backbone: expected minilm, tiny_qwen2, tiny_bert or a folder");
      }
      check(maxTokens >= 3, "encoder.max_tokens", "3 or more", maxTokens);
      int layers = trainableLayers == null ? 1 : trainableLayers;
      check(layers >= 1, "encoder.trainable_layers", "1 or more", layers);
      check(
          temperature > 0 && temperature <= 1,
          "encoder.temperature",
          "above 0, at most 1",
          temperature);
      check(weightDecay >= 0, "encoder.weight_decay", "0 or more", weightDecay);
    }
  }

  private static void check(boolean valid, String name, String expected, Number found) {
    if (!valid) {
      throw new IllegalArgumentException(
          "tokenizer.%s: expected %s, found %s".formatted(name, expected, found));
    }
  }
}
