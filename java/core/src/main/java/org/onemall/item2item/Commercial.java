package org.onemall.item2item;

import it.unimi.dsi.fastutil.longs.Long2DoubleOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.Arrays;
import java.util.List;

/**
 * The commercial relation (PAPER section 2) out of several behaviors: the sum of each one's Swing
 * scores, weighted. A pair's source names the behaviors that know it. Of each behavior only an
 * item's best neighbours are at hand, so that a pair far down in one of the lists misses its part.
 * Immutable.
 */
final class Commercial {
  private final List<String> behaviors;
  private final NeighbourLists sums;
  private final Long2IntOpenHashMap knownBy = new Long2IntOpenHashMap();

  /**
   * Sums up.
   *
   * @param behaviors names
   * @param scores of each behavior, between the same items
   * @param weights of each behavior
   * @param count neighbours that an item keeps
   */
  Commercial(List<String> behaviors, List<NeighbourLists> scores, double[] weights, int count) {
    this.behaviors = List.copyOf(behaviors);
    int items = scores.getFirst().items();
    Long2DoubleOpenHashMap sum = new Long2DoubleOpenHashMap();
    for (int b = 0; b < weights.length; b++) {
      NeighbourLists of = scores.get(b);
      for (int item = 0; item < items; item++) {
        for (int rank = 0; rank < of.count(item); rank++) {
          long key = key(item, of.other(item, rank));
          int known = knownBy.get(key);
          if ((known & 1 << b) == 0) {
            knownBy.put(key, known | 1 << b);
            sum.addTo(key, weights[b] * of.score(item, rank));
          }
        }
      }
    }
    BestItems[] best = new BestItems[items];
    Arrays.setAll(best, item -> new BestItems(count));
    sum.long2DoubleEntrySet()
        .forEach(entry -> {
          int low = (int) (entry.getLongKey() >> 32);
          int high = (int) entry.getLongKey();
          best[low].offer(high, entry.getDoubleValue());
          best[high].offer(low, entry.getDoubleValue());
        });
    sums = new NeighbourLists(items);
    for (int item = 0; item < items; item++) {
      best[item].drainTo(sums, item);
    }
  }

  /** For each item the best by the weighted sum. */
  NeighbourLists neighbours() {
    return sums;
  }

  /**
   * Which behaviors know the pair: {@code swing_click}, {@code swing_buy}, {@code swing_click_buy}.
   */
  String source(int a, int b) {
    StringBuilder source = new StringBuilder("swing");
    int known = knownBy.get(key(a, b));
    for (int behavior = 0; behavior < behaviors.size(); behavior++) {
      if ((known & 1 << behavior) != 0) {
        source.append('_').append(behaviors.get(behavior));
      }
    }
    return source.toString();
  }

  private static long key(int a, int b) {
    return ((long) Math.min(a, b) << 32) | Math.max(a, b);
  }
}
