package org.onemall.mall.check;

import java.util.Arrays;

/**
 * Item-kNN over the clicks of all scenarios: items clicked by the same user within {@value #WINDOW}
 * clicks of each other; cosine with shrinkage.
 */
final class CoClicks {
  private static final int WINDOW = 10;
  private static final double SHRINKAGE = 5;

  private final int[] from;
  private final int[] neighbour;
  private final float[] similarity;

  /** Learns from clicks grouped by user, in the order of time: {@code users} ascending. */
  CoClicks(int items, int[] users, int[] clicked) {
    int[] counts = new int[items];
    long[] pairs = new long[1 << 12];
    int size = 0;
    for (int i = 0; i < clicked.length; i++) {
      counts[clicked[i]]++;
      for (int j = Math.max(0, i - WINDOW); j < i; j++) {
        if (users[j] == users[i] && clicked[j] != clicked[i]) {
          if (size + 2 > pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * pairs.length);
          }
          pairs[size++] = (long) clicked[i] << 32 | clicked[j];
          pairs[size++] = (long) clicked[j] << 32 | clicked[i];
        }
      }
    }
    Arrays.sort(pairs, 0, size);
    from = new int[items + 1];
    neighbour = new int[size];
    similarity = new float[size];
    int unique = 0;
    for (int i = 0; i < size; ) {
      int end = i + 1;
      while (end < size && pairs[end] == pairs[i]) {
        end++;
      }
      int a = (int) (pairs[i] >>> 32);
      int b = (int) pairs[i];
      neighbour[unique] = b;
      double norm = Math.sqrt((double) counts[a] * counts[b]) + SHRINKAGE;
      similarity[unique++] = (float) ((end - i) / norm);
      from[a + 1] = unique;
      i = end;
    }
    for (int item = 0; item < items; item++) {
      from[item + 1] = Math.max(from[item], from[item + 1]);
    }
  }

  /** Adds {@code weight} times the similarity of each neighbour of an item. */
  void add(int item, double weight, double[] scores) {
    for (int i = from[item]; i < from[item + 1]; i++) {
      scores[neighbour[i]] += weight * similarity[i];
    }
  }
}
