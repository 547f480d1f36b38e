package org.onemall.sample;

import it.unimi.dsi.fastutil.ints.IntLinkedOpenHashSet;
import org.onemall.shop.Behavior;

/**
 * What batches are assembled from; lent, and shared by all threads.
 *
 * @param history the interactions
 * @param requests whose batches are wanted
 * @param popularity per snapshot
 * @param neighbours per snapshot
 */
public record SampleTables(
    History history, Requests requests, Popularity popularity, Neighbours neighbours) {
  public SampleTables {
    if (popularity.items() != history.items()) {
      throw new IllegalArgumentException(
          "popularity: expected %d items as in the history, found %d"
              .formatted(history.items(), popularity.items()));
    }
  }

  /**
   * The distinct items that a request's user did {@code behavior} to before it, most recent first.
   *
   * @param row of the requests table
   */
  public int[] distinctHistory(int row, Behavior behavior) {
    IntLinkedOpenHashSet items = new IntLinkedOpenHashSet();
    long start = history.start(requests.user(row));
    for (long at = requests.historyEnd(row) - 1; at >= start; at--) {
      if ((history.behaviors(at) & behavior.bit()) != 0) {
        items.add(history.item(at));
      }
    }
    return items.toIntArray();
  }
}
