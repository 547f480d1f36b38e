package org.onemall.retrieve;

import org.onemall.sample.Query;

/** What item-to-item neighbours and the user's own habits say of every item, without a network. */
@FunctionalInterface
public interface Memory {
  /**
   * Overwrites both arrays, one score for each item, 0 or more.
   *
   * @param knn similarity to what the user had
   * @param frequency how often the user had the item, weighted by recency
   */
  void score(Query query, float[] knn, float[] frequency);
}
