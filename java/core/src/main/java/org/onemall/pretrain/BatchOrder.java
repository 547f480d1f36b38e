package org.onemall.pretrain;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The batches of one epoch. The order of requests is cut into windows of several batches; inside a
 * window requests are shuffled, grouped by the length of their histories (a batch is padded to its
 * longest, and this makes a step three times as fast on baskets), and the batches are shuffled
 * again. Every request is in exactly one batch. A function of its arguments.
 */
final class BatchOrder {
  private BatchOrder() {}

  /**
   * @param lengths tokens of each position's history
   */
  static int[][] epoch(PretrainConfig config, int requests, IntUnaryOperator lengths, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = IntStream.range(0, requests).toArray();
    if (config.order() == PretrainConfig.Order.SHUFFLED) {
      shuffle(order, random);
    }
    int size = config.batchRequests();
    int[][] batches = new int[Math.ceilDiv(requests, size)][];
    int done = 0;
    for (int start = 0; start < requests; start += size * config.windowBatches()) {
      int end = Math.min(requests, start + size * config.windowBatches());
      int[] window = Arrays.copyOfRange(order, start, end);
      if (config.windowBatches() > 1) {
        shuffle(window, random);
        window = sorted(window, lengths);
      }
      int[] places = IntStream.range(0, Math.ceilDiv(window.length, size)).toArray();
      shuffle(places, random);
      for (int place : places) {
        int from = place * size;
        batches[done++] = Arrays.copyOfRange(window, from, Math.min(window.length, from + size));
      }
    }
    return batches;
  }

  private static int[] sorted(int[] positions, IntUnaryOperator lengths) {
    return Arrays.stream(positions)
        .boxed()
        .sorted(Comparator.comparingInt(lengths::applyAsInt))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Shuffles in place. */
  static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
