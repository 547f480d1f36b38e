package org.onemall.item2item;

import java.util.Arrays;

/**
 * The best so many of the items offered, by score and, among equals, by the lower item: whatever
 * the order of the offers, the same are kept. A binary heap with the worst on top. Mutable.
 */
final class BestItems {
  private final int capacity;
  private int[] items;
  private double[] scores;
  private int size;

  BestItems(int capacity) {
    this.capacity = capacity;
    int room = Math.min(capacity, 16);
    items = new int[room];
    scores = new double[room];
  }

  void offer(int item, double score) {
    if (size < capacity) {
      if (size == items.length) {
        int room = Math.min(capacity, 2 * size);
        items = Arrays.copyOf(items, room);
        scores = Arrays.copyOf(scores, room);
      }
      rise(size++, item, score);
    } else if (capacity > 0 && worse(items[0], scores[0], item, score)) {
      sink(0, item, score);
    }
  }

  private static boolean worse(int itemA, double scoreA, int itemB, double scoreB) {
    return scoreA < scoreB || (scoreA == scoreB && itemA > itemB);
  }

  private void rise(int at, int item, double score) {
    while (at > 0) {
      int parent = (at - 1) / 2;
      if (!worse(item, score, items[parent], scores[parent])) {
        break;
      }
      items[at] = items[parent];
      scores[at] = scores[parent];
      at = parent;
    }
    items[at] = item;
    scores[at] = score;
  }

  private void sink(int at, int item, double score) {
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size
          && worse(items[child + 1], scores[child + 1], items[child], scores[child])) {
        child++;
      }
      if (!worse(items[child], scores[child], item, score)) {
        break;
      }
      items[at] = items[child];
      scores[at] = scores[child];
      at = child;
    }
    items[at] = item;
    scores[at] = score;
  }

  /** Hands over what was kept, best last; this is empty then. */
  void drainTo(Taker taker) {
    while (size > 0) {
      taker.take(items[0], scores[0]);
      size--;
      sink(0, items[size], scores[size]);
    }
  }

  /** Takes an item and its score. */
  @FunctionalInterface
  interface Taker {
    void take(int item, double score);
  }

  /**
   * Moves what was kept into {@code target}'s list of {@code of}, best first; this is empty then.
   */
  void drainTo(NeighbourLists target, int of) {
    int[] bestItems = new int[size];
    double[] bestScores = new double[size];
    while (size > 0) {
      size--;
      bestItems[size] = items[0];
      bestScores[size] = scores[0];
      int item = items[size];
      double score = scores[size];
      sink(0, item, score);
    }
    target.set(of, bestItems, bestScores);
  }
}
