package org.onemall.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.model.Models;
import org.onemall.statistics.Bootstrap;
import org.onemall.tensor.Tensor;
import org.onemall.training.StepListener;

/**
 * An experiment on real pictures: which product does a photo from a shelf show? The item encoder is
 * tuned on photos of some products and asked about photos of others, before and after. Four ways to
 * read them; "label" is the kind of product that a shelf's label says (Juice, Apple), and is the
 * only text that a photo can have.
 */
public final class ShelfSearch {
  private static final int MAX_BYTES = 32 << 20;

  /** What is read, in the order of the report. */
  private enum Reads {
    TEXT("label -> title", TokenizerConfig.Use.TEXT, true),
    PICTURE("photo -> studio picture", TokenizerConfig.Use.PICTURE, false),
    BOTH("photo + label -> studio picture + title", TokenizerConfig.Use.BOTH, true),
    PHOTO_TO_BOTH("photo -> studio picture + title", TokenizerConfig.Use.BOTH, false);

    private final String text;
    private final TokenizerConfig.Use use;
    private final boolean labelled;

    Reads(String text, TokenizerConfig.Use use, boolean labelled) {
      this.text = text;
      this.use = use;
      this.labelled = labelled;
    }
  }

  /** One line of the report before it is summed up. */
  private record Line(Reads reads, boolean tuned, boolean amongAll) {}

  /** Hits by seed and product; NaN where the product was trained on. */
  private final Map<Line, List<double[]>> hits = new LinkedHashMap<>();

  private final ShelfPhotos photos;
  private final ShelfConfig config;
  private final Path scratch;
  private final BufferAllocator allocator;

  /**
   * Reads the data set.
   *
   * @param scratch an empty folder for tables
   */
  public ShelfSearch(ShelfConfig config, Path scratch, BufferAllocator allocator)
      throws IOException {
    this.photos = ShelfPhotos.read(config.data());
    this.config = config;
    this.scratch = scratch;
    this.allocator = allocator;
  }

  /** Optimizer steps of all trainings. */
  public long steps() {
    return (long) config.seeds().size() * Reads.values().length * config.tokenizer().steps();
  }

  /** Trains and asks, for all seeds. */
  public List<ShelfFigures> run(Models models, int threads, StepListener listener)
      throws IOException {
    for (long seed : config.seeds()) {
      int[] order = shuffled(seed);
      int heldOut = Math.max(1, (int) Math.round(config.heldOut() * order.length));
      int[] asked = Arrays.copyOf(order, heldOut);
      int[] training = Arrays.copyOfRange(order, heldOut, order.length);
      for (Reads reads : Reads.values()) {
        Path items = scratch.resolve("items.arrow");
        Path pairs = scratch.resolve("item_pairs.arrow");
        photos.writeItems(items, reads.labelled, allocator);
        photos.writePairs(pairs, training, allocator);
        TokenizerInputs inputs =
            new TokenizerInputs(items, Integer.MAX_VALUE, pairs, photos.source(MAX_BYTES), null);
        for (boolean tuned : new boolean[] {false, true}) {
          TokenizerConfig settings =
              config.tokenizer().with(reads.use, tuned ? config.tokenizer().steps() : 0);
          try (ItemTokenizer tokenizer =
                  ItemTokenizer.train(
                      models, settings, inputs, threads, seed, allocator, listener);
              Tensor vectors = tokenizer.vectors(allocator)) {
            note(reads, tuned, vectors, asked);
          }
        }
      }
    }
    return figures();
  }

  private int[] shuffled(long seed) {
    int[] order = IntStream.range(0, photos.products()).toArray();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int product = order[i];
      order[i] = order[j];
      order[j] = product;
    }
    return order;
  }

  private void note(Reads reads, boolean tuned, Tensor vectors, int[] asked) {
    int[] all = IntStream.range(0, photos.products()).toArray();
    for (boolean amongAll : new boolean[] {false, true}) {
      double[] found = new double[photos.products()];
      Arrays.fill(found, Double.NaN);
      for (int product : asked) {
        found[product] =
            Arrays.stream(photos.photos(product))
                .mapToDouble(photo -> nearest(vectors, photo, product, amongAll ? all : asked))
                .average()
                .orElse(Double.NaN);
      }
      hits.computeIfAbsent(new Line(reads, tuned, amongAll), line -> new ArrayList<>()).add(found);
    }
  }

  /** 1 where the photo's own product is nearest; a share among equals. */
  private static double nearest(Tensor vectors, int photo, int product, int[] candidates) {
    double own = cosine(vectors, photo, product);
    int equal = 0;
    for (int candidate : candidates) {
      double score = cosine(vectors, photo, candidate);
      if (score > own) {
        return 0;
      }
      equal += score == own ? 1 : 0;
    }
    return 1.0 / equal;
  }

  private static double cosine(Tensor vectors, int a, int b) {
    int width = Math.toIntExact(vectors.dim(1));
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += vectors.getFloat((long) a * width + i) * vectors.getFloat((long) b * width + i);
    }
    return sum;
  }

  private List<ShelfFigures> figures() {
    List<ShelfFigures> figures = new ArrayList<>();
    hits.forEach((line, bySeed) -> {
      double[] sums = new double[photos.products()];
      double[] counts = new double[photos.products()];
      for (double[] seed : bySeed) {
        for (int product = 0; product < sums.length; product++) {
          sums[product] += Double.isNaN(seed[product]) ? 0 : seed[product];
          counts[product] += Double.isNaN(seed[product]) ? 0 : 1;
        }
      }
      int[] asked =
          IntStream.range(0, sums.length).filter(product -> counts[product] > 0).toArray();
      double[][] columns = {of(sums, asked), of(counts, asked)};
      long seed = config.seeds().getFirst();
      figures.add(
          new ShelfFigures(
              line.reads().text,
              line.tuned(),
              line.amongAll() ? "all" : "held_out",
              new Bootstrap(columns, asked.length, config.bootstrapSamples(), seed).ratio(0, 1),
              bySeed.stream().map(ShelfSearch::mean).toList()));
    });
    return figures;
  }

  private static double[] of(double[] values, int[] places) {
    return Arrays.stream(places).mapToDouble(place -> values[place]).toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).average().orElse(Double.NaN);
  }
}
