package org.onemall.baseline;

import java.util.List;
import org.onemall.model.Behavior;

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
    int maxItems) {
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
  }

  private static boolean all(List<? extends Number> values, double least, double most) {
    return !values.isEmpty()
        && values.stream().allMatch(v -> v.doubleValue() >= least && v.doubleValue() <= most);
  }

  private static void check(boolean valid, String name, String expected, Object found) {
    if (!valid) {
      throw new IllegalArgumentException(
          "baseline.%s: expected %s, found %s".formatted(name, expected, found));
    }
  }
}
