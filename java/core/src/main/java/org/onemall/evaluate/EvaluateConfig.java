package org.onemall.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.shop.Scenario;

/**
 * How a run is evaluated.
 *
 * @param beamSize SIDs that the beam search keeps
 * @param batch requests that are decoded together
 * @param hitCutoffs the k of HR@k, rising
 * @param ndcgCutoffs the k of NDCG@k, rising
 * @param bootstrapSamples resamples of the users behind each interval
 * @param parts what joins the final order
 * @param sharedSid how items of one SID share its probability
 * @param scalings ways to make parts comparable; validation takes the best
 * @param weights grid of weights that the search tries first for tower, memory and frequency
 * @param tuneHits by scenario, the k of the HR@k that weights are chosen by; absent: {@value
 *     WeightSearch#CUTOFF}. Where few candidates compete, as rooms on air do, it must be small
 * @param testRequests test requests that are measured at most, drawn by the seed; absent: all
 * @param tuneRequests validation requests that the search looks at, at most
 * @param explore bonus of items that are not in the history; negative favours repeats
 * @param exploreBonuses the bonuses of the frontier, rising
 * @param sampleUsers users shown in the report
 * @param goals by metric, the least value that the whole model is expected to reach; the report
 *     says which are met; absent: none, never those of another config
 */
public record EvaluateConfig(
    int beamSize,
    int batch,
    List<Integer> hitCutoffs,
    List<Integer> ndcgCutoffs,
    int bootstrapSamples,
    Parts parts,
    SharedSid sharedSid,
    List<Scaling> scalings,
    List<Double> weights,
    int tuneRequests,
    double explore,
    List<Double> exploreBonuses,
    int sampleUsers,
    @Nullable Map<String, Double> goals,
    @Nullable Map<String, Integer> tuneHits,
    @Nullable Integer testRequests) {

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

  public EvaluateConfig {
    hitCutoffs = List.copyOf(hitCutoffs);
    ndcgCutoffs = List.copyOf(ndcgCutoffs);
    scalings = List.copyOf(scalings);
    weights = List.copyOf(weights);
    exploreBonuses = List.copyOf(exploreBonuses);
    goals = goals == null ? Map.of() : Map.copyOf(goals);
    requirePositive("beam_size", beamSize);
    requirePositive("batch", batch);
    requirePositive("bootstrap_samples", bootstrapSamples);
    requirePositive("tune_requests", tuneRequests);
    requireRising("hit_cutoffs", hitCutoffs, 1);
    requireRising("ndcg_cutoffs", ndcgCutoffs, 1);
    requireRising("weights", weights, 0);
    requireRising("explore_bonuses", exploreBonuses, Double.NEGATIVE_INFINITY);
    if (scalings.isEmpty()) {
      throw new IllegalArgumentException(
          "evaluate.scalings: expected at least one of " + List.of(Scaling.values()));
    }
    if (sampleUsers < 0) {
      throw new IllegalArgumentException(
          "evaluate.sample_users: expected at least 0, found " + sampleUsers);
    }
    if (!Double.isFinite(explore)) {
      throw new IllegalArgumentException("evaluate.explore: expected a number, found " + explore);
    }
    if (tuneHits != null) {
      tuneHits = Map.copyOf(tuneHits);
      List<String> keys = Arrays.stream(Scenario.values()).map(Scenario::key).toList();
      if (!keys.containsAll(tuneHits.keySet())
          || tuneHits.values().stream().anyMatch(cutoff -> cutoff < 1)) {
        throw new IllegalArgumentException(
            "evaluate.tune_hits: expected cutoffs from 1 on for some of %s, found %s"
                .formatted(keys, tuneHits));
      }
    }
    if (testRequests != null) {
      requirePositive("test_requests", testRequests);
    }
    requireKnown(goals, new Metrics(hitCutoffs, ndcgCutoffs).names());
  }

  /** Empty where the config sets none. */
  @Override
  public Map<String, Double> goals() {
    return goals == null ? Map.of() : goals;
  }

  /** The k of the HR@k that a scenario's weights are chosen by. */
  public int tuneHits(Scenario scenario) {
    return tuneHits == null
        ? WeightSearch.CUTOFF
        : tuneHits.getOrDefault(scenario.key(), WeightSearch.CUTOFF);
  }

  /**
   * The k of the lists that are looked at closely: the one that weights are chosen by, or the
   * largest cutoff that leaves something out.
   *
   * @param candidates mean number of items that could be recommended
   */
  public int listCutoff(Scenario scenario, double candidates) {
    int wanted = tuneHits(scenario);
    return wanted < candidates
        ? wanted
        : hitCutoffs.stream().filter(k -> k < candidates).reduce((_, last) -> last).orElse(1);
  }

  private static void requireKnown(Map<String, Double> goals, List<String> metrics) {
    for (String metric : goals.keySet()) {
      if (!metrics.contains(metric)) {
        throw new IllegalArgumentException(
            "evaluate.goals: expected metrics of %s, found '%s'".formatted(metrics, metric));
      }
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "evaluate.%s: expected at least 1, found %d".formatted(name, value));
    }
  }

  private static void requireRising(String name, List<? extends Number> values, double least) {
    double last = Double.NEGATIVE_INFINITY;
    for (Number value : values) {
      double number = value.doubleValue();
      if (!Double.isFinite(number) || number < least || number <= last) {
        throw new IllegalArgumentException(
            "evaluate.%s: expected rising numbers from %s, found %s"
                .formatted(name, least, values));
      }
      last = number;
    }
    if (values.isEmpty()) {
      throw new IllegalArgumentException("evaluate.%s: expected a list, found []".formatted(name));
    }
  }
}
