package org.onemall.item2item;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.config.Rule;
import org.onemall.shop.Behavior;

/**
 * Settings of stage item2item. Commercial pairs are pairs of products, by Swing and in the
 * two-tower space; neighbours are items of all scenarios.
 *
 * @param behavior whose events make the neighbours, and the pairs unless Swing has its own
 * @param maxPairs of any one item over all sources, as anchor or as positive
 * @param towerPairs of these for nearest items in the two-tower space; the others have the rest
 * @param towerFills whether nearest items also take places that the other sources leave free;
 *     absent = yes
 * @param coClicks products that were clicked one after the other: where the log is too sparse for
 *     two users to share two products, which Swing needs, the moment still tells; absent = no such
 *     pairs
 * @param watching an entertainment video, then a click on a product; absent = no such pairs
 */
public record Item2ItemConfig(
    Behavior behavior,
    int maxPairs,
    int towerPairs,
    @Nullable Boolean towerFills,
    @Nullable CoClicks coClicks,
    Swing swing,
    @Nullable WatchingConfig watching,
    CoOccurrence neighbours) {
  public Item2ItemConfig {
    check(maxPairs >= 1, "max_pairs", "1 or more", maxPairs);
    check(towerPairs >= 0 && towerPairs <= maxPairs, "tower_pairs", "0 to max_pairs", towerPairs);
    int others = towerPairs + coClickPairs(coClicks);
    check(
        others <= maxPairs, "tower_pairs + co_clicks.pairs", "at most max_pairs together", others);
  }

  /** What {@code auto} stands for. */
  public static Map<String, Rule> rules() {
    return Map.of("behavior", others -> others.text("sample.target_behavior"));
  }

  private static int coClickPairs(@Nullable CoClicks coClicks) {
    return coClicks == null ? 0 : coClicks.pairs();
  }

  /** Of {@link #maxPairs} those that Swing and the watching relation may fill. */
  int swingPairs() {
    return maxPairs - towerPairs - coClickPairs(coClicks);
  }

  /**
   * Pairs by {@link org.onemall.item2item.CoOccurrence}.
   *
   * @param pairs of any one item
   * @param counts what of two clicks counts how much
   */
  public record CoClicks(int pairs, CoOccurrence counts) {
    public CoClicks {
      check(pairs >= 1, "co_clicks.pairs", "1 or more", pairs);
    }
  }

  /**
   * Swing's settings.
   *
   * @param alpha what pairs of users with little in common are smoothed by
   * @param maxUsers of an item; of more, a sample counts
   * @param maxItems of a user; of more, a sample counts
   * @param behaviors weight of each behavior whose events make pairs; absent = only the stage's
   * @param concernedProducts whether an event of a video or live room counts for the product that
   *     it concerns; absent = only events of product cards
   */
  public record Swing(
      double alpha,
      int maxUsers,
      int maxItems,
      @Nullable Map<String, Double> behaviors,
      @Nullable Boolean concernedProducts) {
    public Swing {
      if (behaviors != null) {
        behaviors = Map.copyOf(behaviors);
        check(!behaviors.isEmpty(), "swing.behaviors", "at least one behavior", 0);
        behaviors.forEach((name, weight) -> {
          if (Arrays.stream(Behavior.values()).noneMatch(b -> b.key().equals(name))) {
            throw new IllegalArgumentException(
                "item2item.swing.behaviors: expected some of %s, found '%s'"
                    .formatted(Arrays.stream(Behavior.values()).map(Behavior::key).toList(), name));
          }
          check(weight > 0, "swing.behaviors." + name, "a weight above 0", weight);
        });
      }
      check(alpha > 0, "swing.alpha", "more than 0", alpha);
      check(maxUsers >= 2, "swing.max_users", "2 or more", maxUsers);
      check(maxItems >= 2, "swing.max_items", "2 or more", maxItems);
    }

    /** The weights, in the order of {@link Behavior}. */
    Map<Behavior, Double> weights(Behavior stage) {
      Map<Behavior, Double> weights = new LinkedHashMap<>();
      if (behaviors == null) {
        weights.put(stage, 1.0);
      } else {
        for (Behavior behavior : Behavior.values()) {
          Double weight = behaviors.get(behavior.key());
          if (weight != null) {
            weights.put(behavior, weight);
          }
        }
      }
      return weights;
    }
  }

  /**
   * Co-occurrence's settings: how much a pair of items counts.
   *
   * @param count neighbours kept for each item and snapshot
   * @param sameRequest weight where both are in one request
   * @param nextRequest weight where the neighbour is in the user's request after the item's
   * @param decay of that weight per further request between the two
   * @param window how many requests they may be apart
   * @param backward share of that weight that the reverse pair gets
   * @param shrinkage added to both popularities in the cosine
   * @param maxItems of a request; of more, a sample counts
   * @param minutes that two requests may be apart; absent = any
   */
  public record CoOccurrence(
      int count,
      double sameRequest,
      double nextRequest,
      double decay,
      int window,
      double backward,
      double shrinkage,
      int maxItems,
      @Nullable Double minutes) {
    public CoOccurrence {
      check(count >= 1, "(neighbours or co_clicks.counts).count", "1 or more", count);
      check(
          sameRequest >= 0,
          "(neighbours or co_clicks.counts).same_request",
          "0 or more",
          sameRequest);
      check(
          nextRequest >= 0,
          "(neighbours or co_clicks.counts).next_request",
          "0 or more",
          nextRequest);
      check(
          sameRequest + nextRequest > 0,
          "(neighbours or co_clicks.counts).same_request + next_request",
          "more than 0",
          sameRequest + nextRequest);
      check(
          decay > 0 && decay <= 1,
          "(neighbours or co_clicks.counts).decay",
          "above 0, at most 1",
          decay);
      check(window >= 0, "(neighbours or co_clicks.counts).window", "0 or more", window);
      check(
          backward >= 0 && backward <= 1,
          "(neighbours or co_clicks.counts).backward",
          "0 to 1",
          backward);
      check(shrinkage >= 0, "(neighbours or co_clicks.counts).shrinkage", "0 or more", shrinkage);
      check(maxItems >= 2, "(neighbours or co_clicks.counts).max_items", "2 or more", maxItems);
      check(
          minutes == null || minutes > 0,
          "(neighbours or co_clicks.counts).minutes",
          "above 0",
          minutes);
    }
  }

  static void check(boolean valid, String name, String expected, @Nullable Number found) {
    if (!valid) {
      throw new IllegalArgumentException(
          "item2item.%s: expected %s, found %s".formatted(name, expected, found));
    }
  }
}
