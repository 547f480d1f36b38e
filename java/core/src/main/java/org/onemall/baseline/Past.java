package org.onemall.baseline;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import org.onemall.sample.Query;
import org.onemall.shop.Behavior;

/**
 * What a user took before a request: an item and its age for each, the age in requests, 0 for the
 * user's latest. An item may come several times, once for each request. Immutable.
 */
public final class Past {
  private final int[] items;
  private final int[] ages;

  private Past(IntArrayList items, IntArrayList ages) {
    this.items = items.toIntArray();
    this.ages = ages.toIntArray();
  }

  /** What the user of a query did {@code behavior} to. */
  public static Past of(Query query, Behavior behavior) {
    IntArrayList requests = new IntArrayList();
    IntArrayList items = new IntArrayList();
    for (long row = query.start(); row < query.end(); row++) {
      boolean seen = query.history().seenMs(row) < query.timeMs();
      if (seen && (query.history().behaviors(row) & behavior.bit()) != 0) {
        requests.add(query.history().request(row));
        items.add(query.history().item(row));
      }
    }
    return of(requests.toIntArray(), items.toIntArray());
  }

  /**
   * From a user's rows in time order, {@code requests[i]} being the request of row i and those of
   * one request side by side.
   */
  static Past of(int[] requests, int[] items) {
    if (requests.length != items.length) {
      throw new IllegalArgumentException(
          "past: expected as many requests as items, found %d and %d"
              .formatted(requests.length, items.length));
    }
    IntArrayList pastItems = new IntArrayList();
    IntArrayList ages = new IntArrayList();
    int end = items.length;
    for (int age = 0; end > 0; age++) {
      int start = end - 1;
      while (start > 0 && requests[start - 1] == requests[end - 1]) {
        start--;
      }
      for (int item : Arrays.stream(items, start, end).sorted().distinct().toArray()) {
        pastItems.add(item);
        ages.add(age);
      }
      end = start;
    }
    return new Past(pastItems, ages);
  }

  /** Number of entries, latest requests first. */
  public int size() {
    return items.length;
  }

  public int item(int index) {
    return items[index];
  }

  public int age(int index) {
    return ages[index];
  }
}
