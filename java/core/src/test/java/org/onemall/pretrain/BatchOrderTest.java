package org.onemall.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.onemall.pretrain.PretrainConfig.Order;

class BatchOrderTest {
  @Test
  void everyRequestIsInOneBatchAndBatchesKeepTheirWindowAndGroupByLength() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int requests = 1 + random.nextInt(300);
      int size = 1 + random.nextInt(20);
      int window = 1 + random.nextInt(6);
      int[] lengths = random.ints(requests, 0, 50).toArray();
      PretrainConfig config = PretrainingTest.config(Order.TIME, size, window);
      int[][] batches = BatchOrder.epoch(config, requests, i -> lengths[i], seed);

      assertThat(Stream.of(batches).flatMapToInt(Arrays::stream).sorted().toArray())
          .as("seed %d", seed)
          .isEqualTo(IntStream.range(0, requests).toArray());
      int padding = 0;
      for (int[] batch : batches) {
        assertThat(Arrays.stream(batch).map(i -> i / (size * window)).distinct().count())
            .as("seed %d: windows of a batch", seed)
            .isEqualTo(1);
        int longest = Arrays.stream(batch).map(i -> lengths[i]).max().orElseThrow();
        padding += Arrays.stream(batch).map(i -> longest - lengths[i]).sum();
      }
      int unsorted = 0;
      for (int start = 0; start < requests; start += size) {
        int end = Math.min(requests, start + size);
        int longest = Arrays.stream(lengths, start, end).max().orElseThrow();
        unsorted += Arrays.stream(lengths, start, end).map(length -> longest - length).sum();
      }
      assertThat(window == 1 || padding <= unsorted).as("seed %d: padding", seed).isTrue();
    }
  }

  @Test
  void windowsOfOneBatchInTimeOrderAreTheStream() {
    int[][] batches = BatchOrder.epoch(PretrainingTest.config(Order.TIME, 3, 1), 8, i -> 9 - i, 1);
    assertThat(batches).isDeepEqualTo(new int[][] {{0, 1, 2}, {3, 4, 5}, {6, 7}});
  }

  @Test
  void epochsOfOneSeedAreEqualAndOfTwoSeedsAreNot() {
    PretrainConfig config = PretrainingTest.config(Order.SHUFFLED, 4, 2);
    int[][] first = BatchOrder.epoch(config, 50, i -> i % 7, 1);
    assertThat(BatchOrder.epoch(config, 50, i -> i % 7, 1)).isDeepEqualTo(first);
    assertThat(Arrays.deepEquals(BatchOrder.epoch(config, 50, i -> i % 7, 2), first)).isFalse();
  }
}
