package org.onemall.retrieve;

/** What item-to-item neighbours and the user's own habits say of every item, without a network. */
@FunctionalInterface
public interface Memory {
  /**
   * Overwrites both arrays, one score for each item, 0 or more.
   *
   * @param row of the request
   * @param knn similarity to what the user had
   * @param frequency how often the user had the item, weighted by recency
   */
  void score(int row, float[] knn, float[] frequency);
}
