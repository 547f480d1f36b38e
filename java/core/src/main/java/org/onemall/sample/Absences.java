package org.onemall.sample;

import org.onemall.shop.Period;

/**
 * For each item and snapshot, the log of the chance not to be drawn from one request of training or
 * validation: what log-Q is made of. Made once for all assemblers. Immutable.
 */
final class Absences {
  /** By snapshot + 1 and item. */
  private final float[][] logs;

  /**
   * @param limit how many targets of a request are drawn at most
   */
  Absences(Requests requests, int items, int limit) {
    int slots = 1;
    for (int row = 0; row < requests.rows(); row++) {
      slots = Math.max(slots, requests.period(row) == Period.TEST ? 0 : requests.snapshot(row) + 2);
    }
    logs = new float[slots][items];
    int[] known = new int[slots];
    for (int row = 0; row < requests.rows(); row++) {
      if (requests.period(row) != Period.TEST) {
        int slot = requests.snapshot(row) + 1;
        known[slot]++;
        int count = requests.targetCount(row);
        float each = (float) Math.min(1, limit / (double) count);
        for (int t = 0; t < count; t++) {
          logs[slot][requests.target(row, t)] += each;
        }
      }
    }
    for (int slot = 0; slot < slots; slot++) {
      double total = Math.max(1, known[slot]);
      for (int i = 0; i < items; i++) {
        logs[slot][i] = (float) StrictMath.log1p(-Math.min(1, Math.max(.5, logs[slot][i]) / total));
      }
    }
  }

  /**
   * Snapshots count from -1; test requests, which nobody trains on, take the last that is known.
   */
  float of(int snapshot, int item) {
    return logs[Math.min(snapshot + 1, logs.length - 1)][item];
  }
}
