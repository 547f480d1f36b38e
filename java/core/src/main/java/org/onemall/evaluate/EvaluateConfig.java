package org.onemall.evaluate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.config.Rule;
import org.onemall.shop.ShopSize;

/**
 * How a run is evaluated.
 *
 * @param hitCutoffs the k of HR@k, rising
 * @param ndcgCutoffs the k of NDCG@k, rising
 * @param bootstrapSamples resamples of the users behind each interval
 * @param testRequests test requests that are measured at most, drawn by the seed; absent: all
 * @param exploreBonuses the bonuses of the frontier, rising
 * @param sampleUsers users shown in the report
 * @param goals by metric, the least value that the whole model is expected to reach; the report
 *     says which are met; absent: none, never those of another config
 */
public record EvaluateConfig(
    List<Integer> hitCutoffs,
    List<Integer> ndcgCutoffs,
    int bootstrapSamples,
    List<Double> exploreBonuses,
    int sampleUsers,
    @Nullable Map<String, Double> goals,
    @Nullable Integer testRequests) {

  public EvaluateConfig {
    hitCutoffs = List.copyOf(hitCutoffs);
    ndcgCutoffs = List.copyOf(ndcgCutoffs);
    exploreBonuses = List.copyOf(exploreBonuses);
    goals = goals == null ? Map.of() : Map.copyOf(goals);
    requirePositive("bootstrap_samples", bootstrapSamples);
    requireRising("hit_cutoffs", hitCutoffs, 1);
    requireRising("ndcg_cutoffs", ndcgCutoffs, 1);
    requireRising("explore_bonuses", exploreBonuses, Double.NEGATIVE_INFINITY);
    if (sampleUsers < 0) {
      throw new IllegalArgumentException(
          "evaluate.sample_users: expected at least 0, found " + sampleUsers);
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

  /** What {@code auto} stands for: no cutoff that a whole catalogue is within. */
  public static Map<String, Rule> rules(ShopSize shop) {
    return Map.of(
        "hit_cutoffs",
        others -> ShopSize.below(shop.mostItems(), 10, 50, 100, 500),
        "test_requests",
        others -> shop.testRequests() > 5000 ? "5000" : "null");
  }

  /**
   * The k of the lists that are looked at closely: the one that weights are chosen by, or the
   * largest cutoff that leaves something out.
   *
   * @param wanted the k of the HR@k that the scenario's weights are chosen by
   * @param candidates mean number of items that could be recommended
   */
  int listCutoff(int wanted, double candidates) {
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
