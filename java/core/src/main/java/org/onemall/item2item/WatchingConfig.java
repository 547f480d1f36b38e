package org.onemall.item2item;

import java.util.List;
import org.onemall.shop.Scenario;

/**
 * Settings of the watching relation: an entertainment video, then a click on a product.
 *
 * @param clicked scenarios whose clicks count, for the product that they concern
 * @param fromSeconds from the video's end to the click, at least
 * @param toSeconds likewise, at most
 * @param excludedCategories of videos that make nobody buy
 * @param userPairs clicks of one user that count; of more, a sample does
 * @param productPairs clicks on one product that all count; of n more frequent ones, a sample of
 *     about sqrt(n * product_pairs) does
 * @param maxPairs of any one item by this relation, as anchor or as positive
 */
public record WatchingConfig(
    List<Scenario> clicked,
    double fromSeconds,
    double toSeconds,
    List<String> excludedCategories,
    int userPairs,
    int productPairs,
    int maxPairs) {
  public WatchingConfig {
    clicked = List.copyOf(clicked);
    excludedCategories = List.copyOf(excludedCategories);
    Item2ItemConfig.check(!clicked.isEmpty(), "watching.clicked", "at least one scenario", 0);
    Item2ItemConfig.check(fromSeconds >= 0, "watching.from_seconds", "0 or more", fromSeconds);
    Item2ItemConfig.check(
        toSeconds > fromSeconds, "watching.to_seconds", "more than from_seconds", toSeconds);
    Item2ItemConfig.check(userPairs >= 1, "watching.user_pairs", "1 or more", userPairs);
    Item2ItemConfig.check(productPairs >= 1, "watching.product_pairs", "1 or more", productPairs);
    Item2ItemConfig.check(maxPairs >= 1, "watching.max_pairs", "1 or more", maxPairs);
  }
}
