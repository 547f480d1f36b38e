package org.onemall.tokenizer;

import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.model.Model;
import org.onemall.model.Models;
import org.onemall.run.DurableFile;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensors;
import org.onemall.training.Schedule;
import org.onemall.training.StepListener;
import org.onemall.training.Training;

/**
 * The steps before those on pairs, in which pictures learn which item's text goes with them: made
 * once, for all models that read pictures, with items that were there before validation. No pair is
 * used, so none that is held out either.
 *
 * @param weights of the model after them; null where there were none
 * @param losses of each step
 */
record Alignment(@Nullable Path weights, List<Double> losses) {
  /** Makes the steps that {@link TokenizerConfig#align} asks for. */
  static Alignment run(
      Models models,
      TokenizerConfig config,
      TokenizerInputs inputs,
      int threads,
      long seed,
      BufferAllocator allocator,
      StepListener listener)
      throws IOException {
    TokenizerConfig.Align align = config.align();
    TokenizerConfig.Vision vision = config.encoder().vision();
    if (align == null || vision == null || config.alignSteps() == 0) {
      return new Alignment(null, List.of());
    }
    TokenizerConfig.Encoder encoder = config.encoder().with(TokenizerConfig.Use.BOTH);
    Path folder = inputs.checkpoints();
    if (folder == null) {
      throw new IllegalArgumentException(
          "tokenizer.align: expected a folder for checkpoints, where the weights go; found none");
    }
    try (Model model = models.open(Models.Kind.ITEM_ENCODER, encoder, seed)) {
      ItemTexts.feed(model, inputs.items(), inputs.known(), allocator);
      ItemPictures pictures =
          new ItemPictures(model, inputs.pictures(), vision.frames(), threads, allocator);
      pictures.feed(inputs.items());
      int[] items =
          IntStream.of(pictures.items())
              .filter(item -> item < inputs.known())
              .distinct()
              .sorted()
              .toArray();
      Batches batches = new Batches(items, align.batchItems(), seed);
      Schedule schedule = config.schedule().at(align.learningRate());
      List<Double> losses =
          new Training("pictures against texts", "align", model, schedule, align.steps())
              .run(step -> batches.batch(step, allocator), inputs.checkpoints("align"), listener);
      Path weights = folder.resolve("aligned.safetensors");
      DurableFile.replace(weights, file -> model.save(file, false));
      return new Alignment(weights, losses);
    }
  }

  /** Gives a model of the same settings what was learned. */
  void load(Model model) {
    if (weights != null) {
      model.load(weights, false);
    }
  }

  /**
   * Items in a new order for each pass; what is less than a batch at its end is left out. Steps
   * come in rising order.
   */
  private static final class Batches {
    private final int[] items;
    private final int size;
    private final SplittableRandom random;
    private int at;
    private long next;

    Batches(int[] items, int size, long seed) {
      if (items.length < 2) {
        throw new IllegalArgumentException(
            "tokenizer.align: expected 2 or more items with a picture that can be read, found %d; are the pictures where tokenizer.pictures says? Without any, leave out tokenizer.align and encoder.vision"
                .formatted(items.length));
      }
      this.items = items;
      this.size = Math.min(size, items.length);
      this.random = new SplittableRandom(seed);
      this.at = items.length;
    }

    int[] choose() {
      if (at + size > items.length) {
        IntArrays.shuffle(items, new Random(random.nextLong()));
        at = 0;
      }
      at += size;
      return Arrays.copyOfRange(items, at - size, at);
    }

    Tensors batch(long step, BufferAllocator allocator) {
      for (; next < step; next++) {
        choose();
      }
      next++;
      int[] chosen = choose();
      Tensors batch = new Tensors();
      var item = batch.add("item", allocator, DType.INT32, chosen.length);
      for (int row = 0; row < chosen.length; row++) {
        item.setInt(row, chosen[row]);
      }
      return batch;
    }
  }
}
