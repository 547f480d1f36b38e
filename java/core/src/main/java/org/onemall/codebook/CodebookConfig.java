package org.onemall.codebook;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.config.Rule;
import org.onemall.shop.Scenario;
import org.onemall.shop.ShopSize;

/**
 * Settings of the codebook. It is fitted to what was there before validation: items and states of
 * rooms that came later get codes from the frozen codebook.
 *
 * @param sizes codes of each k-means level, coarse to fine; 4096, 4096 in the paper
 * @param last the level after them: FSQ, or none (k-means levels only)
 * @param iterations at most so many Lloyd iterations a level
 * @param tolerance a level is done when an iteration lowers its objective by less than this share
 * @param start the first centroids: k-means++ (better, one pass over the items a code) or a sample
 *     of the items
 * @param scenarios other sizes by scenario: a catalogue of videos or rooms may be larger or smaller
 */
public record CodebookConfig(
    List<Integer> sizes,
    Last last,
    int iterations,
    double tolerance,
    Start start,
    FsqConfig fsq,
    @Nullable Map<String, Levels> scenarios) {
  /** The last level. */
  public enum Last {
    /** A binary FSQ level of {@code fsq.bits} bits follows the k-means levels. */
    FSQ,
    /** The last of {@code sizes} is the last level. */
    KMEANS
  }

  /** How k-means starts. */
  public enum Start {
    /** k-means++: far items are likelier. */
    KMEANS_PLUS_PLUS,
    /** Distinct items, drawn at random. */
    SAMPLE
  }

  public CodebookConfig {
    sizes = checked("codebook.sizes", sizes);
    if (scenarios != null) {
      scenarios = Map.copyOf(scenarios);
      for (String key : scenarios.keySet()) {
        List<String> known = Arrays.stream(Scenario.values()).map(Scenario::key).toList();
        if (!known.contains(key)) {
          throw new IllegalArgumentException(
              "codebook.scenarios: expected some of %s, found '%s'".formatted(known, key));
        }
      }
    }
    if (iterations < 1) {
      throw new IllegalArgumentException(
          "codebook.iterations: expected at least 1, found " + iterations);
    }
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException(
          "codebook.tolerance: expected a share in [0, 1), found " + tolerance);
    }
  }

  /** One codebook for all scenarios. */
  public CodebookConfig(
      List<Integer> sizes,
      Last last,
      int iterations,
      double tolerance,
      Start start,
      FsqConfig fsq) {
    this(sizes, last, iterations, tolerance, start, fsq, null);
  }

  /**
   * What {@code auto} stands for: 64 SIDs for each item over three levels of one size, so that few
   * items meet, as long as a code has four items to be fitted to.
   */
  public static Map<String, Rule> rules(ShopSize shop) {
    int items = shop.items(Scenario.PRODUCT_CARD);
    Levels levels = levels(items == 0 ? shop.mostItems() : items);
    return Map.of(
        "sizes",
        others -> levels.sizes().toString(),
        "fsq.bits",
        others -> String.valueOf(levels.bits()),
        "fsq.batch",
        others -> String.valueOf(ShopSize.power(shop.mostItems() / 8.0, 32, 1024)),
        "fsq.epochs",
        others -> {
          double steps = 860 * others.number("codebook.fsq.batch");
          return String.valueOf(Math.clamp(Math.round(steps / shop.mostItems()), 5, 100));
        },
        "scenarios",
        others -> ofOtherSizes(shop, levels));
  }

  private static Levels levels(int items) {
    double wanted = Math.log(64.0 * items) / Math.log(2);
    int most = 31 - Integer.numberOfLeadingZeros(Math.max(8, items) / 4);
    int bits = Math.clamp(Math.round(wanted / 3), 1, Math.min(most, 12));
    int last = Math.clamp((int) Math.ceil(wanted) - 2 * bits, 1, 12);
    return new Levels(List.of(1 << bits, 1 << bits), last);
  }

  /** The scenarios whose catalogue is much larger or smaller. */
  private static String ofOtherSizes(ShopSize shop, Levels levels) {
    List<String> others =
        Arrays.stream(Scenario.values())
            .filter(each -> shop.items(each) > 0 && !levels(shop.items(each)).equals(levels))
            .map(each -> {
              Levels own = levels(shop.items(each));
              return "%s: {sizes: %s, bits: %d}".formatted(each.key(), own.sizes(), own.bits());
            })
            .toList();
    return others.isEmpty() ? "null" : "{" + String.join(", ", others) + "}";
  }

  private static List<Integer> checked(String name, List<Integer> sizes) {
    if (sizes.isEmpty() || sizes.size() > 8) {
      throw new IllegalArgumentException(name + ": expected 1 to 8 k-means levels, found " + sizes);
    }
    for (int size : sizes) {
      if (size < 2 || size > 1 << 20) {
        throw new IllegalArgumentException(
            name + ": a level has 2 to 1048576 codes, found " + sizes);
      }
    }
    return List.copyOf(sizes);
  }

  /** The settings of one scenario. */
  public CodebookConfig of(Scenario scenario) {
    Levels own = scenarios == null ? null : scenarios.get(scenario.key());
    if (own == null) {
      return this;
    }
    FsqConfig network =
        new FsqConfig(
            own.bits(),
            fsq.hidden(),
            fsq.epochs(),
            fsq.batch(),
            fsq.learningRate(),
            fsq.balanceWeight());
    return new CodebookConfig(own.sizes(), last, iterations, tolerance, start, network, scenarios);
  }

  /**
   * Sizes of one scenario.
   *
   * @param sizes codes of each k-means level
   * @param bits of the FSQ level
   */
  public record Levels(List<Integer> sizes, int bits) {
    public Levels {
      sizes = checked("sizes", sizes);
      FsqConfig.checkBits("bits", bits);
    }
  }

  /**
   * Settings of the FSQ level's network and its training.
   *
   * @param bits width of its codes; 12 in the paper
   * @param hidden width of the hidden layer
   * @param balanceWeight weight of the loss that pulls every bit to be set for half of the items
   */
  public record FsqConfig(
      int bits, int hidden, int epochs, int batch, double learningRate, double balanceWeight) {
    public FsqConfig {
      checkBits("codebook.fsq.bits", bits);
      if (hidden < 1 || epochs < 1 || batch < 2) {
        throw new IllegalArgumentException(
            "codebook.fsq: expected hidden >= 1, epochs >= 1, batch >= 2, found %d, %d, %d"
                .formatted(hidden, epochs, batch));
      }
      if (!(learningRate > 0)) {
        throw new IllegalArgumentException(
            "codebook.fsq.learning_rate: expected more than 0, found " + learningRate);
      }
      if (!(balanceWeight >= 0)) {
        throw new IllegalArgumentException(
            "codebook.fsq.balance_weight: expected 0 or more, found " + balanceWeight);
      }
    }

    private static void checkBits(String name, int bits) {
      if (bits < 1 || bits > 20) {
        throw new IllegalArgumentException(name + ": expected 1 to 20, found " + bits);
      }
    }
  }
}
