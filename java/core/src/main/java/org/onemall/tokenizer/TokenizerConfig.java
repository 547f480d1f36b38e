package org.onemall.tokenizer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.config.Rule;
import org.onemall.shop.ShopSize;
import org.onemall.training.Schedule;

/**
 * Settings of stage tokenizer.
 *
 * @param steps of training; 0 takes the model as it is
 * @param batchPairs pairs of items in a batch
 * @param align steps before those on pairs, in which pictures learn which item's text goes with
 *     them; absent = none
 * @param pictures the folder that the items' pictures are relative to; absent = the source folder
 * @param heldOut pairs that are kept from training, to be found again; absent = none
 */
public record TokenizerConfig(
    Encoder encoder,
    int steps,
    int batchPairs,
    Schedule schedule,
    @Nullable Align align,
    @Nullable Path pictures,
    @Nullable HeldOut heldOut) {
  public TokenizerConfig {
    check(steps >= 0, "steps", "0 or more", steps);
    check(batchPairs >= 2, "batch_pairs", "2 or more", batchPairs);
    Vision vision = encoder.vision();
    if (align != null && (vision == null || vision.shortcut() == null)) {
      throw new IllegalArgumentException(
          "tokenizer.align: expected encoder.vision.shortcut, which it teaches, found none");
    }
    if (align == null && vision != null && vision.shortcut() != null && vision.built()) {
      throw new IllegalArgumentException(
          "tokenizer.align: expected steps for encoder.vision, a Swin without pretrained weights: with a shortcut it learns from them alone; found none");
    }
  }

  /** What {@code auto} stands for: some two pairs of each item, as far as two thousand steps go. */
  public static Map<String, Rule> rules(ShopSize shop) {
    return Map.of(
        "steps",
        others -> {
          double pairs = 1.75 * shop.allItems();
          double batch = others.number("tokenizer.batch_pairs");
          return String.valueOf(ShopSize.rounded(pairs / batch, 30, 2000));
        },
        "batch_pairs",
        others -> String.valueOf(ShopSize.power(shop.allItems() / 8.0, 16, 64)),
        "schedule.warmup_steps",
        others -> String.valueOf((int) others.number("tokenizer.steps") / 10));
  }

  /** What training will cost, in a line; empty where a folder of weights isn't there to be read. */
  public String estimate() {
    EncoderSize size = EncoderSize.of(this);
    return size == null ? "" : size.describe(batchPairs);
  }

  /** Steps of all trainings, those for comparison counted. */
  public int allSteps() {
    return alignSteps() + steps * (1 + others().size());
  }

  /** Of {@link #align}; 0 where pictures aren't read. */
  int alignSteps() {
    return align == null || !encoder.reads(Use.PICTURE) ? 0 : align.steps();
  }

  /** What the models for comparison read of an item. */
  List<Use> others() {
    return heldOut != null && heldOut.compare() && encoder.modality() == Use.BOTH
        ? List.of(Use.TEXT, Use.PICTURE)
        : List.of();
  }

  /** The same training of a model that reads something else of an item, for other steps. */
  TokenizerConfig with(Use modality, int otherSteps) {
    return new TokenizerConfig(
        encoder.with(modality),
        otherSteps,
        batchPairs,
        schedule,
        modality == Use.TEXT ? null : align,
        pictures,
        null);
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

  /** What of an item is read. */
  public enum Use {
    BOTH,
    TEXT,
    PICTURE
  }

  /**
   * The vision part, as {@code VisionConfig} of {@code vision.py} has it.
   *
   * @param backbone the folder of a Hugging Face Swin, which stays frozen, or {@code swin:{...}},
   *     JSON of its config, which is trained
   * @param tokens of one picture: a square number
   * @param frames pictures of one item, at most 6
   * @param augment whether vision that is trained sees, if present and true, random crops, mirror
   *     images and brightness
   * @param shortcut weight, at first, of a vector of the pictures that goes past the text model;
   *     absent = none
   */
  public record Vision(
      String backbone,
      int tokens,
      int frames,
      @Nullable Boolean augment,
      @Nullable Double shortcut) {
    /** What a backbone begins with that is built from a config. */
    static final String BUILT = "swin:";

    public Vision {
      int side = (int) Math.sqrt(tokens);
      check(
          tokens >= 1 && side * side == tokens,
          "encoder.vision.tokens",
          "a square number such as 1, 4 or 49",
          tokens);
      check(frames >= 1 && frames <= 6, "encoder.vision.frames", "1 to 6", frames);
      check(
          shortcut == null || (shortcut > 0 && shortcut <= 10),
          "encoder.vision.shortcut",
          "above 0, at most 10",
          shortcut);
    }

    /** Whether it has no pretrained weights. */
    boolean built() {
      return backbone.startsWith(BUILT);
    }
  }

  /**
   * Pictures against the items' own texts: InfoNCE of the shortcut, and of vision where it has no
   * pretrained weights; the text model stays as it is.
   *
   * @param batchItems items of a batch
   */
  public record Align(int steps, int batchItems, double learningRate) {
    public Align {
      check(steps >= 1, "align.steps", "1 or more", steps);
      check(batchItems >= 2, "align.batch_items", "2 or more", batchItems);
      check(learningRate > 0, "align.learning_rate", "more than 0", learningRate);
    }
  }

  /** Low-rank adapters in place of training the text model's own weights. */
  public record Lora(int rank, double alpha, double dropout) {
    public Lora {
      check(rank >= 1, "encoder.lora.rank", "1 or more", rank);
      check(dropout >= 0 && dropout < 1, "encoder.lora.dropout", "0 to below 1", dropout);
    }
  }

  /**
   * Pairs that training doesn't see; whether the partner is among the nearest 10 is what {@code
   * tokenizer.json} reports.
   *
   * @param share of all pairs
   * @param maxPairs that are looked for
   * @param bootstrapSamples of the intervals
   * @param compare whether two more models are trained, on text alone and on pictures alone
   */
  public record HeldOut(double share, int maxPairs, int bootstrapSamples, boolean compare) {
    public HeldOut {
      check(share > 0 && share < 1, "held_out.share", "above 0, below 1", share);
      check(maxPairs >= 1, "held_out.max_pairs", "1 or more", maxPairs);
      check(bootstrapSamples >= 100, "held_out.bootstrap_samples", "100 or more", bootstrapSamples);
    }
  }

  /**
   * The embedding model, as {@code ItemEncoderConfig} of {@code item_encoder.py} has it.
   *
   * @param backbone {@code minilm}, {@code tiny_qwen2}, {@code tiny_bert}, the folder of a Hugging
   *     Face text model, or {@code qwen2:{...}}, JSON of the config of a model to build
   * @param maxTokens of a text; the rest is cut
   * @param use both where absent
   * @param vision absent = text alone
   * @param trainableLayers the top ones; all where absent
   * @param lora absent = the text model itself is trained
   * @param gradCache items whose graph is held at a time; absent = all of a batch
   * @param dropout whether the backbone's own is on in training
   */
  public record Encoder(
      String backbone,
      Attention attention,
      Readout readout,
      int maxTokens,
      @Nullable Use use,
      @Nullable Vision vision,
      @Nullable Integer trainableLayers,
      @Nullable Lora lora,
      @Nullable Integer gradCache,
      double temperature,
      boolean learnTemperature,
      boolean dropout,
      double weightDecay) {
    public Encoder {
      if (backbone.isBlank()) {
        throw new IllegalArgumentException(
            "tokenizer.encoder.backbone: expected minilm, tiny_qwen2, tiny_bert, qwen2:{...} or a folder");
      }
      check(maxTokens >= 3, "encoder.max_tokens", "3 or more", maxTokens);
      int layers = trainableLayers == null ? 1 : trainableLayers;
      check(layers >= 1, "encoder.trainable_layers", "1 or more", layers);
      check(gradCache == null || gradCache >= 1, "encoder.grad_cache", "1 or more", gradCache);
      if (use == Use.PICTURE && vision == null) {
        throw new IllegalArgumentException(
            "tokenizer.encoder.use: expected vision with picture, found none");
      }
      if (lora != null && trainableLayers != null) {
        throw new IllegalArgumentException(
            "tokenizer.encoder.lora: expected without trainable_layers, found both");
      }
      check(
          temperature > 0 && temperature <= 1,
          "encoder.temperature",
          "above 0, at most 1",
          temperature);
      check(weightDecay >= 0, "encoder.weight_decay", "0 or more", weightDecay);
    }

    /** Whether this of an item is read. */
    public boolean reads(Use modality) {
      return switch (modality) {
        case TEXT -> use != Use.PICTURE;
        case PICTURE -> vision != null && use != Use.TEXT;
        case BOTH -> reads(Use.TEXT) && reads(Use.PICTURE);
      };
    }

    /** What is read of an item. */
    Use modality() {
      if (!reads(Use.PICTURE)) {
        return Use.TEXT;
      }
      return reads(Use.TEXT) ? Use.BOTH : Use.PICTURE;
    }

    /** The same model that reads something else of an item. */
    Encoder with(Use modality) {
      return new Encoder(
          backbone,
          attention,
          readout,
          maxTokens,
          modality,
          modality == Use.TEXT ? null : vision,
          trainableLayers,
          lora,
          gradCache,
          temperature,
          learnTemperature,
          dropout,
          weightDecay);
    }
  }

  private static void check(boolean valid, String name, String expected, @Nullable Number found) {
    if (!valid) {
      throw new IllegalArgumentException(
          "tokenizer.%s: expected %s, found %s".formatted(name, expected, found));
    }
  }
}
