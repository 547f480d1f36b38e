package org.onemall.tokenizer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.model.Answer;
import org.onemall.model.ItemVectors;
import org.onemall.model.Model;
import org.onemall.model.Models;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;
import org.onemall.training.StepListener;
import org.onemall.training.Training;

/**
 * The item tokenizer's embedding model (PAPER section 3), tuned by InfoNCE over batches of item
 * pairs. Owns the network.
 */
public final class ItemTokenizer implements AutoCloseable {
  private static final int ITEMS_PER_CALL = 1_024;

  private final Model model;
  private final TokenizerConfig.Encoder encoder;
  private List<Double> losses = List.of();
  private List<Double> alignmentLosses = List.of();
  private int[] ends = {};
  private @Nullable PictureCounts counts;
  private int[] pictureItems = {};
  private int[] picturePlaces = {};
  private List<PartnerFigures> heldOut = List.of();

  private ItemTokenizer(Model model, TokenizerConfig.Encoder encoder) {
    this.model = model;
    this.encoder = encoder;
  }

  /** Trains, and looks for held-out partners where the settings say so. */
  public static ItemTokenizer train(
      Models models,
      TokenizerConfig config,
      TokenizerInputs inputs,
      int threads,
      long seed,
      BufferAllocator allocator,
      StepListener listener)
      throws IOException {
    TokenizerConfig.HeldOut heldOut = config.heldOut();
    Pairs pairs =
        Pairs.read(inputs.itemPairs(), heldOut == null ? 0 : heldOut.share(), seed, allocator);
    Alignment alignment = Alignment.run(models, config, inputs, threads, seed, allocator, listener);
    int aligned = alignment.losses().size();
    Recipe recipe = new Recipe(models, config, inputs, pairs, alignment, threads, seed, allocator);
    ItemTokenizer main =
        train(recipe, config.encoder(), (step, each) -> listener.step(aligned + step, each));
    if (heldOut == null) {
      return main;
    }
    try {
      PartnerSearch search =
          PartnerSearch.of(pairs, inputs.items(), heldOut, threads, seed, allocator);
      double[] hits = main.hits(search, allocator);
      List<PartnerFigures> figures = new ArrayList<>();
      figures.addAll(search.figures(main.encoder.modality(), hits, null));
      long steps = (long) aligned + config.steps();
      for (TokenizerConfig.Use use : config.others()) {
        long before = steps;
        steps += config.steps();
        try (ItemTokenizer other =
            train(
                recipe,
                config.encoder().with(use),
                (step, each) -> listener.step(before + step, each))) {
          figures.addAll(search.figures(use, other.hits(search, allocator), hits));
        }
      }
      main.heldOut = figures;
      return main;
    } catch (IOException | RuntimeException e) {
      main.close();
      throw e;
    }
  }

  /** What the main model and those it is compared with have in common. */
  private record Recipe(
      Models models,
      TokenizerConfig config,
      TokenizerInputs inputs,
      Pairs pairs,
      Alignment alignment,
      int threads,
      long seed,
      BufferAllocator allocator) {}

  private static ItemTokenizer train(
      Recipe recipe, TokenizerConfig.Encoder encoder, StepListener listener) throws IOException {
    TokenizerConfig config = recipe.config();
    TokenizerInputs inputs = recipe.inputs();
    BufferAllocator allocator = recipe.allocator();
    ItemTokenizer tokenizer =
        new ItemTokenizer(
            recipe.models().open(Models.Kind.ITEM_ENCODER, encoder, recipe.seed()), encoder);
    try {
      if (encoder.reads(TokenizerConfig.Use.PICTURE)) {
        recipe.alignment().load(tokenizer.model);
        tokenizer.alignmentLosses = recipe.alignment().losses();
      }
      int items = ItemTexts.feed(tokenizer.model, inputs.items(), inputs.known(), allocator);
      tokenizer.ends = new int[] {Math.min(inputs.known(), items), items};
      tokenizer.feedPictures(inputs, recipe.threads(), allocator);
      if (config.steps() > 0) {
        PairBatches batches = new PairBatches(recipe.pairs(), config.batchPairs(), recipe.seed());
        Training training =
            new Training(
                "item tokenizer", "pairs", tokenizer.model, config.schedule(), config.steps());
        tokenizer.losses =
            training.run(
                step -> batches.batch(step, allocator),
                inputs.checkpoints(encoder.modality().name().toLowerCase(Locale.ROOT)),
                listener);
      }
      return tokenizer;
    } catch (IOException | RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private void feedPictures(TokenizerInputs inputs, int threads, BufferAllocator allocator)
      throws IOException {
    TokenizerConfig.Vision vision = encoder.vision();
    if (vision == null || !encoder.reads(TokenizerConfig.Use.PICTURE)) {
      return;
    }
    ItemPictures pictures =
        new ItemPictures(model, inputs.pictures(), vision.frames(), threads, allocator);
    counts = pictures.feed(inputs.items());
    pictureItems = pictures.items();
    picturePlaces = pictures.places();
  }

  private double[] hits(PartnerSearch search, BufferAllocator allocator) {
    try (Tensor vectors = vectors(allocator)) {
      return search.hits(vectors);
    }
  }

  /** FLOAT32 (items, width) of unit vectors; belongs to the caller. */
  Tensor vectors(BufferAllocator allocator) {
    return ItemVectors.infer(model, "embed", ends, width(), ITEMS_PER_CALL, allocator);
  }

  private int width() {
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      Map<String, Double> answer = model.infer("width", in, out);
      return (int) Answer.figure(answer, "item encoder, width", "width");
    }
  }

  /** What is to be known about the weights. */
  public TokenizerCard card() {
    TokenizerConfig.Vision vision = counts == null ? null : encoder.vision();
    boolean trained =
        vision != null
            && Answer.figure(PictureFeatures.shape(model), PictureFeatures.SHAPE, "trained") > 0;
    return new TokenizerCard(
        encoder.backbone(),
        width(),
        losses.size(),
        losses,
        alignmentLosses,
        vision == null ? null : vision.backbone(),
        trained,
        counts,
        heldOut);
  }

  /** Writes the weights as safetensors. */
  public void save(Path file) {
    model.save(file, false);
  }

  /** Writes what vision makes of all pictures; no rows where none are read. */
  public void writeFeatures(OutputStream out, BufferAllocator allocator) throws IOException {
    if (counts == null) {
      PictureFeatures.writeNone(out, allocator);
    } else {
      PictureFeatures.write(model, pictureItems, picturePlaces, out, allocator);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
