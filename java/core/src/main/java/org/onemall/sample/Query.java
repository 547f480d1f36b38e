package org.onemall.sample;

import it.unimi.dsi.fastutil.ints.IntLinkedOpenHashSet;
import org.onemall.shop.Behavior;

/**
 * Who asks, when, and with what past: all that a recommendation may depend on. The past is the rows
 * {@code [start, end)} of a history, which is lent: of the table, for a stored request or a user of
 * the log, or of a few rows that a live user brings along. Both are the same to whoever takes
 * queries, so training and serving cannot differ.
 *
 * @param timeMs the moment; every request of the past began before it, and what was seen of it only
 *     later doesn't count yet
 * @param snapshot whose counters the query may use; -1 = none
 */
public record Query(History history, long start, long end, long timeMs, int snapshot) {
  public Query {
    if (start < 0 || end < start || end > history.rows()) {
      throw new IllegalArgumentException(
          "query: expected rows within the %d of the history, found %d to %d"
              .formatted(history.rows(), start, end));
    }
  }

  /** A user of the table, with all that it says of them before a moment. */
  public static Query of(History history, int user, long timeMs, int snapshot) {
    long start = history.start(user);
    return new Query(history, start, history.before(user, timeMs), timeMs, snapshot);
  }

  /** Of how many requests the past is. */
  int requests() {
    return start == end ? 0 : history.ordinal(end - 1) - history.ordinal(start) + 1;
  }

  /** The distinct items that the user did {@code behavior} to, most recent first. */
  public int[] distinct(Behavior behavior) {
    IntLinkedOpenHashSet items = new IntLinkedOpenHashSet();
    for (long row = end - 1; row >= start; row--) {
      if ((history.behaviors(row) & behavior.bit()) != 0 && history.seenMs(row) < timeMs) {
        items.add(history.item(row));
      }
    }
    return items.toIntArray();
  }
}
