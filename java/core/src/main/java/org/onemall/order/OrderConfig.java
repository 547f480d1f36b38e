package org.onemall.order;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.config.Rule;
import org.onemall.shop.Scenario;
import org.onemall.shop.ShopSize;

/**
 * How candidates are found, and how their final order is chosen on validation.
 *
 * @param beamSize SIDs that the beam search keeps
 * @param batch requests that are decoded together
 * @param parts what joins the final order
 * @param sharedSid how items of one SID share its probability
 * @param scalings ways to make parts comparable; validation takes the best
 * @param weights grid of weights that the search tries first for tower, memory and frequency
 * @param tuneRequests validation requests that the search looks at, at most
 * @param explore bonus of items that are not in the history; negative favours repeats
 * @param tuneHits by scenario, the k of the HR@k that weights are chosen by; absent: {@value
 *     WeightSearch#CUTOFF}. Where few candidates compete, as rooms on air do, it must be small
 */
public record OrderConfig(
    int beamSize,
    int batch,
    Parts parts,
    SharedSid sharedSid,
    List<Scaling> scalings,
    List<Double> weights,
    int tuneRequests,
    double explore,
    @Nullable Map<String, Integer> tuneHits) {

  /** Which parts join the generator; the paper's pure generator is always reported too. */
  public record Parts(boolean pointer, boolean tower, boolean memory, boolean frequency) {
    /** Whether {@code part} joins the final order; the retriever always does. */
    public boolean has(Part part) {
      return switch (part) {
        case RETRIEVER -> true;
        case TOWER -> tower;
        case MEMORY -> memory;
        case FREQUENCY -> frequency;
      };
    }
  }

  public OrderConfig {
    scalings = List.copyOf(scalings);
    weights = List.copyOf(weights);
    requirePositive("beam_size", beamSize);
    requirePositive("batch", batch);
    requirePositive("tune_requests", tuneRequests);
    if (scalings.isEmpty()) {
      throw new IllegalArgumentException(
          "order.scalings: expected at least one of " + List.of(Scaling.values()));
    }
    double last = -1;
    for (double weight : weights) {
      if (!(weight >= 0) || Double.isInfinite(weight) || weight <= last) {
        throw new IllegalArgumentException(
            "order.weights: expected rising numbers from 0, found " + weights);
      }
      last = weight;
    }
    if (weights.isEmpty()) {
      throw new IllegalArgumentException("order.weights: expected a list, found []");
    }
    if (!Double.isFinite(explore)) {
      throw new IllegalArgumentException("order.explore: expected a number, found " + explore);
    }
    if (tuneHits != null) {
      tuneHits = Map.copyOf(tuneHits);
      List<String> keys = Arrays.stream(Scenario.values()).map(Scenario::key).toList();
      if (!keys.containsAll(tuneHits.keySet())
          || tuneHits.values().stream().anyMatch(cutoff -> cutoff < 1)) {
        throw new IllegalArgumentException(
            "order.tune_hits: expected cutoffs from 1 on for some of %s, found %s"
                .formatted(keys, tuneHits));
      }
    }
  }

  /** What {@code auto} stands for. */
  public static Map<String, Rule> rules(ShopSize shop) {
    return Map.of(
        "beam_size",
        others -> String.valueOf(Math.min(768, shop.mostItems())),
        "tune_hits",
        others -> shop.items(Scenario.LIVE_STREAMING) > 0 ? "{live_streaming: 10}" : "null");
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "order.%s: expected at least 1, found %d".formatted(name, value));
    }
  }

  /** The k of the HR@k that a scenario's weights are chosen by. */
  public int tuneHits(Scenario scenario) {
    return tuneHits == null
        ? WeightSearch.CUTOFF
        : tuneHits.getOrDefault(scenario.key(), WeightSearch.CUTOFF);
  }
}
