package org.onemall.sample;

import java.util.Arrays;
import org.onemall.shop.Behavior;

/**
 * Scratch: the histories of one behavior for the requests of a batch, one token per distinct item,
 * most recent first.
 */
final class HistoryTokens {
  final Behavior behavior;
  private final int limit;

  /** Per item: the stamp of the scan that has a token of it, and which token that is. */
  private final int[] seen;

  private final int[] token;
  private int stamp;

  /** Per request: the number of tokens; per token (request * limit + index): the rest. */
  int[] count = {};

  int[] item = {};
  int[] product = {};
  long[] timeMs = {};
  int[] age = {};
  int[] times = {};

  HistoryTokens(Behavior behavior, int items, int limit) {
    this.behavior = behavior;
    this.limit = limit;
    this.seen = new int[items];
    this.token = new int[items];
  }

  /** Makes room for a batch. */
  void begin(int requests) {
    if (count.length < requests) {
      count = new int[requests];
      item = new int[requests * limit];
      product = new int[requests * limit];
      timeMs = new long[requests * limit];
      age = new int[requests * limit];
      times = new int[requests * limit];
    }
  }

  /**
   * Reads the past of a query of the batch, the latest rows of the behavior first, until there is
   * an item too many; without what the user hadn't seen yet of a request that was still going on.
   */
  void scan(int request, Query query) {
    History history = query.history();
    if (++stamp == 0) {
      Arrays.fill(seen, 0);
      stamp = 1;
    }
    int first = request * limit;
    int next = first;
    BehaviorRows rows = history.of(behavior);
    for (long place = rows.before(query.end()) - 1; place >= 0; place--) {
      long row = rows.row(place);
      if (row < query.start()) {
        break;
      }
      if (history.seenMs(row) >= query.timeMs()) {
        continue;
      }
      int found = history.item(row);
      if (seen[found] == stamp) {
        times[token[found]]++;
      } else if (next == first + limit) {
        break;
      } else {
        seen[found] = stamp;
        token[found] = next;
        item[next] = found;
        product[next] = history.product(row);
        timeMs[next] = history.seenMs(row);
        age[next] = query.requests() - 1 - (history.ordinal(row) - history.ordinal(query.start()));
        times[next++] = 1;
      }
    }
    count[request] = next - first;
  }

  /** Whether the last scan has a token of an item. */
  boolean has(int candidate) {
    return seen[candidate] == stamp;
  }

  /** Where the tokens of a request start. */
  int start(int request) {
    return request * limit;
  }

  /** The longest history of the batch, at least 1: a dimension of 0 has no maximum in a softmax. */
  int longest(int requests) {
    int longest = 1;
    for (int r = 0; r < requests; r++) {
      longest = Math.max(longest, count[r]);
    }
    return longest;
  }
}
