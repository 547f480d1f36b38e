package org.onemall.item2item;

import org.onemall.model.Behavior;

/**
 * Settings of stage item2item.
 *
 * @param behavior whose events make pairs
 * @param maxPairs of any one item over all sources, as anchor or as positive
 * @param towerPairs of these for nearest items in the two-tower space; Swing has the rest
 */
public record Item2ItemConfig(
    Behavior behavior, int maxPairs, int towerPairs, Swing swing, CoOccurrence neighbours) {
  public Item2ItemConfig {
    check(maxPairs >= 1, "max_pairs", "1 or more", maxPairs);
    check(towerPairs >= 0 && towerPairs <= maxPairs, "tower_pairs", "0 to max_pairs", towerPairs);
  }

  /**
   * Swing's settings.
   *
   * @param alpha what pairs of users with little in common are smoothed by
   * @param maxUsers of an item; of more, a sample counts
   * @param maxItems of a user; of more, a sample counts
   */
  public record Swing(double alpha, int maxUsers, int maxItems) {
    public Swing {
      check(alpha > 0, "swing.alpha", "more than 0", alpha);
      check(maxUsers >= 2, "swing.max_users", "2 or more", maxUsers);
      check(maxItems >= 2, "swing.max_items", "2 or more", maxItems);
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
   */
  public record CoOccurrence(
      int count,
      double sameRequest,
      double nextRequest,
      double decay,
      int window,
      double backward,
      double shrinkage,
      int maxItems) {
    public CoOccurrence {
      check(count >= 1, "neighbours.count", "1 or more", count);
      check(sameRequest >= 0, "neighbours.same_request", "0 or more", sameRequest);
      check(nextRequest >= 0, "neighbours.next_request", "0 or more", nextRequest);
      check(
          sameRequest + nextRequest > 0,
          "neighbours.same_request + next_request",
          "more than 0",
          sameRequest + nextRequest);
      check(decay > 0 && decay <= 1, "neighbours.decay", "above 0, at most 1", decay);
      check(window >= 0, "neighbours.window", "0 or more", window);
      check(backward >= 0 && backward <= 1, "neighbours.backward", "0 to 1", backward);
      check(shrinkage >= 0, "neighbours.shrinkage", "0 or more", shrinkage);
      check(maxItems >= 2, "neighbours.max_items", "2 or more", maxItems);
    }
  }

  private static void check(boolean valid, String name, String expected, Number found) {
    if (!valid) {
      throw new IllegalArgumentException(
          "item2item.%s: expected %s, found %s".formatted(name, expected, found));
    }
  }
}
