package org.onemall.baseline;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.config.Rule;
import org.onemall.shop.Behavior;
import org.onemall.shop.Scenario;
import org.onemall.shop.ShopSize;

/**
 * Settings of stage baseline: the grid that parameters are chosen from, on validation.
 *
 * @param behavior that counts, of the past and as target
 * @param hitsAt the k of the HR@k that decides
 * @param maxRequests of validation; of more, evenly spaced ones are used
 * @param recentDays how long popularity is recent
 * @param recency factors per request of age
 * @param popularity weights of recent popularity beside what is personal
 * @param repeats weights of what the user took before, in item-kNN and Markov
 * @param shrinkage of the co-occurrence cosine
 * @param neighbours kept for each item
 * @param maxItems of a request that are counted
 * @param window so many earlier requests of the user count as one with a request in item-kNN, where
 *     requests hold an item or two; absent: none
 * @param scenarioHitsAt by scenario, another k: small where few candidates compete
 */
public record BaselineConfig(
    Behavior behavior,
    int hitsAt,
    int maxRequests,
    List<Integer> recentDays,
    List<Double> recency,
    List<Double> popularity,
    List<Double> repeats,
    List<Double> shrinkage,
    int neighbours,
    int maxItems,
    @Nullable Integer window,
    @Nullable Map<String, Integer> scenarioHitsAt) {
  public BaselineConfig {
    recentDays = List.copyOf(recentDays);
    recency = List.copyOf(recency);
    popularity = List.copyOf(popularity);
    repeats = List.copyOf(repeats);
    shrinkage = List.copyOf(shrinkage);
    check(hitsAt >= 1, "hits_at", "1 or more", hitsAt);
    check(maxRequests >= 1, "max_requests", "1 or more", maxRequests);
    check(all(recentDays, 1, 1e6), "recent_days", "numbers from 1 on", recentDays);
    check(all(recency, 0, 1), "recency", "numbers from 0 to 1", recency);
    check(all(popularity, 0, 1e9), "popularity", "numbers from 0 on", popularity);
    check(all(repeats, 0, 1e9), "repeats", "numbers from 0 on", repeats);
    check(all(shrinkage, 0, 1e9), "shrinkage", "numbers from 0 on", shrinkage);
    check(neighbours >= 1, "neighbours", "1 or more", neighbours);
    check(maxItems >= 2, "max_items", "2 or more", maxItems);
    check(window == null || window >= 0, "window", "0 or more", window);
    if (scenarioHitsAt != null) {
      scenarioHitsAt = Map.copyOf(scenarioHitsAt);
      List<String> keys = Arrays.stream(Scenario.values()).map(Scenario::key).toList();
      check(
          keys.containsAll(scenarioHitsAt.keySet()) && all(scenarioHitsAt.values(), 1, 1e9),
          "scenario_hits_at",
          "numbers from 1 on for some of " + keys,
          scenarioHitsAt);
    }
  }

  /** What {@code auto} stands for. */
  public static Map<String, Rule> rules(ShopSize shop) {
    return Map.of(
        "behavior",
        others -> others.text("sample.target_behavior"),
        "hits_at",
        others -> String.valueOf(ShopSize.largest(shop.mostItems() / 6.0, 1, 5, 10, 50)),
        "scenario_hits_at",
        others -> shop.items(Scenario.LIVE_STREAMING) > 0 ? "{live_streaming: 10}" : "null",
        "recent_days",
        others ->
            shop.days() >= 120 ? "[14, 28, 60]" : shop.days() >= 30 ? "[3, 7, 14]" : "[1, 3, 7]",
        "neighbours",
        others -> String.valueOf(Math.min(1000, shop.allItems())));
  }

  /** The k of the HR@k that decides for a scenario. */
  int hitsAt(Scenario scenario) {
    return scenarioHitsAt == null ? hitsAt : scenarioHitsAt.getOrDefault(scenario.key(), hitsAt);
  }

  private static boolean all(Collection<? extends Number> values, double least, double most) {
    return !values.isEmpty()
        && values.stream().allMatch(v -> v.doubleValue() >= least && v.doubleValue() <= most);
  }

  private static void check(boolean valid, String name, String expected, @Nullable Object found) {
    if (!valid) {
      throw new IllegalArgumentException(
          "baseline.%s: expected %s, found %s".formatted(name, expected, found));
    }
  }
}
