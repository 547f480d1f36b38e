package org.onemall.order;

import java.util.Arrays;

/**
 * One request to be judged.
 *
 * @param request its id in the requests table
 * @param user its dense user id: the unit of the bootstrap
 * @param timeMs its moment
 * @param history the distinct items that the user had before, most recent first
 * @param targets the distinct items of the basket
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by identity only; never changed.
public record JudgedRequest(int request, int user, long timeMs, int[] history, int[] targets) {
  public JudgedRequest {
    requireDistinct("history", request, history);
    requireDistinct("targets", request, targets);
    if (targets.length == 0) {
      throw new IllegalArgumentException(
          "request %d: expected at least one target, found none".formatted(request));
    }
  }

  private static void requireDistinct(String what, int request, int[] items) {
    int[] sorted = items.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      if (sorted[i] < 0 || (i > 0 && sorted[i] == sorted[i - 1])) {
        throw new IllegalArgumentException(
            "request %d: %s: expected distinct items >= 0, found %d %s"
                .formatted(request, what, sorted[i], sorted[i] < 0 ? "" : "twice"));
      }
    }
  }
}
