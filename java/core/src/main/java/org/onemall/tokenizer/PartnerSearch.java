package org.onemall.tokenizer;

import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.parallel.Parallel;
import org.onemall.shop.CatalogueItems;
import org.onemall.statistics.Bootstrap;
import org.onemall.tensor.Tensor;

/**
 * Looks for held-out partners: of all items of the partner's scenario, by cosine to the anchor. The
 * anchor itself and its other partners, known or held out, are no competitors. Among equals the
 * order is a coin toss, counted as its expectation.
 */
final class PartnerSearch {
  private static final int NEAREST = 10;

  private final Pairs pairs;
  private final int[] asked;
  private final CatalogueItems items;
  private final TokenizerConfig.HeldOut config;
  private final int threads;
  private final long seed;

  private PartnerSearch(
      Pairs pairs,
      int[] asked,
      CatalogueItems items,
      TokenizerConfig.HeldOut config,
      int threads,
      long seed) {
    this.pairs = pairs;
    this.asked = asked;
    this.items = items;
    this.config = config;
    this.threads = threads;
    this.seed = seed;
  }

  /** Draws the pairs to look for. */
  static PartnerSearch of(
      Pairs pairs,
      Path items,
      TokenizerConfig.HeldOut config,
      int threads,
      long seed,
      BufferAllocator allocator)
      throws IOException {
    int[] heldOut = pairs.heldOut();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < Math.min(config.maxPairs(), heldOut.length); i++) {
      int j = i + random.nextInt(heldOut.length - i);
      int pair = heldOut[i];
      heldOut[i] = heldOut[j];
      heldOut[j] = pair;
    }
    int[] asked = Arrays.copyOf(heldOut, Math.min(config.maxPairs(), heldOut.length));
    Arrays.sort(asked);
    return new PartnerSearch(
        pairs, asked, CatalogueItems.read(items, allocator), config, threads, seed);
  }

  /**
   * For each pair that is looked for, the chance that the partner is among the nearest.
   *
   * @param vectors FLOAT32 (items, width) of unit vectors
   */
  double[] hits(Tensor vectors) {
    int width = Math.toIntExact(vectors.dim(1));
    float[] values = vectors.toFloats(0, Math.toIntExact(vectors.size()));
    double[] hits = new double[asked.length];
    Parallel.each(threads, asked.length, i -> hits[i] = hit(values, width, asked[i]));
    return hits;
  }

  private double hit(float[] values, int width, int pair) {
    int anchor = pairs.anchor(pair);
    int partner = pairs.positive(pair);
    float own = dot(values, width, anchor, partner);
    int better = 0;
    int equal = 1;
    for (int item = 0; item < items.size() && better < NEAREST; item++) {
      boolean competes = items.scenario(item) == items.scenario(partner);
      if (item == anchor || item == partner || !competes) {
        continue;
      }
      float score = dot(values, width, anchor, item);
      if (score >= own && !pairs.known(anchor, item)) {
        better += score > own ? 1 : 0;
        equal += score > own ? 0 : 1;
      }
    }
    return Math.clamp((double) (NEAREST - better) / equal, 0, 1);
  }

  private static float dot(float[] values, int width, int a, int b) {
    int left = a * width;
    int right = b * width;
    float even = 0;
    float odd = 0;
    int i = 0;
    for (; i + 1 < width; i += 2) {
      even += values[left + i] * values[right + i];
      odd += values[left + i + 1] * values[right + i + 1];
    }
    return i < width ? even + odd + values[left + i] * values[right + i] : even + odd;
  }

  /**
   * The figures of one model, for all pairs and by source.
   *
   * @param hits of this model
   * @param main hits of the main model, or null where this is it
   */
  List<PartnerFigures> figures(TokenizerConfig.Use use, double[] hits, double @Nullable [] main) {
    List<PartnerFigures> figures = new ArrayList<>();
    String key = use.name().toLowerCase(Locale.ROOT);
    if (asked.length > 0) {
      figures.add(figures(key, "all", hits, main, i -> true));
    }
    List<String> sources =
        Arrays.stream(asked).mapToObj(pairs::source).distinct().sorted().toList();
    for (String source : sources.size() > 1 ? sources : List.<String>of()) {
      figures.add(figures(key, source, hits, main, i -> pairs.source(asked[i]).equals(source)));
    }
    return figures;
  }

  private PartnerFigures figures(
      String use, String source, double[] hits, double @Nullable [] main, IntPredicate chosen) {
    int[] places = IntStream.range(0, asked.length).filter(chosen).toArray();
    Int2IntOpenHashMap groups = new Int2IntOpenHashMap();
    for (int i : places) {
      groups.putIfAbsent(pairs.anchor(asked[i]), groups.size());
    }
    double[][] columns = new double[3][groups.size()]; // own hits, the main model's, pairs
    for (int i : places) {
      int group = groups.get(pairs.anchor(asked[i]));
      columns[0][group] += hits[i];
      columns[1][group] += main == null ? 0 : main[i];
      columns[2][group]++;
    }
    Bootstrap bootstrap = new Bootstrap(columns, groups.size(), config.bootstrapSamples(), seed);
    return new PartnerFigures(
        use,
        source,
        places.length,
        groups.size(),
        bootstrap.ratio(0, 2),
        main == null ? null : bootstrap.difference(1, 0, 2));
  }
}
