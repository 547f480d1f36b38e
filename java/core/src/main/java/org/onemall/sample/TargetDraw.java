package org.onemall.sample;

import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Scratch: the targets that are drawn for the requests of a batch, and the distinct ones among
 * them, which are each other's candidates.
 */
final class TargetDraw {
  private final Requests requests;
  private final int items;

  /** Per item: the stamp of the batch that has it as a candidate, and which candidate it is. */
  private final int[] seen;

  private final int[] index;
  private int stamp;

  /** Per request, {@code width} items, -1 where there are fewer. */
  int[] target = {};

  int width;

  /** Per candidate: the item, and the request that brought it in. */
  int[] candidate = {};

  int[] broughtBy = {};
  int candidates;

  private int[] basket = {};

  /** For what was drawn last. */
  private @Nullable Absences absences;

  TargetDraw(Requests requests, int items) {
    this.requests = requests;
    this.items = items;
    this.seen = new int[items];
    this.index = new int[items];
  }

  /** Draws {@code width} targets of each row without replacement, or all where there are fewer. */
  void draw(int[] rows, int width, RandomGenerator random) {
    begin(rows, width);
    absences = requests.absences(items, width);
    for (int b = 0; b < rows.length; b++) {
      int count = load(rows[b]);
      int drawn = Math.min(width, count);
      for (int s = 0; s < drawn; s++) {
        int at = drawn == count ? s : s + random.nextInt(count - s);
        int item = basket[at];
        basket[at] = basket[s];
        take(b, s, item);
      }
    }
  }

  /** Takes all targets of each row. */
  void all(int[] rows) {
    int longest = 0;
    for (int row : rows) {
      longest = Math.max(longest, requests.targetCount(row));
    }
    begin(rows, longest);
    absences = requests.absences(items, Integer.MAX_VALUE);
    for (int b = 0; b < rows.length; b++) {
      int count = load(rows[b]);
      for (int s = 0; s < count; s++) {
        take(b, s, basket[s]);
      }
    }
  }

  private void begin(int[] rows, int width) {
    this.width = width;
    int slots = rows.length * width;
    if (target.length < slots) {
      target = new int[slots];
      candidate = new int[slots];
      broughtBy = new int[slots];
    }
    Arrays.fill(target, 0, slots, -1);
    candidates = 0;
    if (++stamp == 0) {
      Arrays.fill(seen, 0);
      stamp = 1;
    }
  }

  private int load(int row) {
    int count = requests.targetCount(row);
    if (basket.length < count) {
      basket = new int[2 * count];
    }
    for (int t = 0; t < count; t++) {
      basket[t] = requests.target(row, t);
    }
    return count;
  }

  private void take(int request, int slot, int item) {
    target[request * width + slot] = item;
    if (seen[item] != stamp) {
      seen[item] = stamp;
      index[item] = candidates;
      candidate[candidates] = item;
      broughtBy[candidates++] = request;
    }
  }

  /** The candidate that an item is, or -1. */
  int candidateOf(int item) {
    return seen[item] == stamp ? index[item] : -1;
  }

  /**
   * Log of the chance that an item is drawn at least once in a batch of requests like these: each
   * stands for the requests of its snapshot, since what sells changes with the season and batches
   * in time order see one season. An item that nobody took then counts as if half a request had.
   */
  float logQ(int item, int[] rows) {
    Absences drawn = Objects.requireNonNull(absences, "draw first");
    double none = 0;
    for (int row : rows) {
      none += drawn.of(requests.snapshot(row), item);
    }
    return (float) StrictMath.log(-StrictMath.expm1(none));
  }
}
