package org.onemall.semanticid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.onemall.codebook.Centroids;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class NearestFreeTest {
  @Test
  void everySidIsSingleWherePrefixesHaveRoomAndPrefixesStay() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      int[] sizes = {1 + random.nextInt(5), 1 + random.nextInt(5), 1 + random.nextInt(12)};
      int items = 1 + random.nextInt(80);
      int[][] before = RandomSids.codes(random, sizes, items);
      double[][] distances = new double[items][sizes[2]];
      for (double[] row : distances) {
        Arrays.setAll(row, _ -> random.nextInt(5));
      }
      int[][] after = Arrays.stream(before).map(int[]::clone).toArray(int[][]::new);
      int moved = NearestFree.resolve(sizes, after, (item, code) -> distances[item][code]);

      String as = "seed " + seed;
      assertThat(after[0]).as(as).isEqualTo(before[0]);
      assertThat(after[1]).as(as).isEqualTo(before[1]);
      assertThat(IntStream.range(0, items).filter(i -> before[2][i] != after[2][i]).count())
          .as(as)
          .isEqualTo(moved);
      Map<List<Integer>, Integer> prefixes = new HashMap<>();
      Map<List<Integer>, Integer> sids = new HashMap<>();
      Map<List<Integer>, Double> nearest = new HashMap<>();
      for (int i = 0; i < items; i++) {
        prefixes.merge(List.of(after[0][i], after[1][i]), 1, Integer::sum);
        sids.merge(List.of(after[0][i], after[1][i], after[2][i]), 1, Integer::sum);
        nearest.merge(
            List.of(before[0][i], before[1][i], before[2][i]),
            distances[i][before[2][i]],
            Math::min);
      }
      for (int i = 0; i < items; i++) {
        int group = prefixes.getOrDefault(List.of(after[0][i], after[1][i]), 0);
        if (group <= sizes[2]) {
          assertThat(sids.get(List.of(after[0][i], after[1][i], after[2][i])))
              .as("%s, item %d", as, i)
              .isEqualTo(1);
        }
        if (after[2][i] != before[2][i]) {
          List<Integer> left = List.of(before[0][i], before[1][i], before[2][i]);
          assertThat(distances[i][before[2][i]])
              .as("%s: the nearest item keeps its code", as)
              .isGreaterThanOrEqualTo(nearest.getOrDefault(left, Double.NaN));
        }
      }
    }
  }

  @Test
  void takesTheNearestFreeCode() {
    int[][] codes = {{0, 0, 0}, {2, 2, 3}};
    double[][] distances = {{9, 5, 1, 0}, {4, 6, 2, 0}, {9, 9, 9, 0}};
    assertThat(NearestFree.resolve(new int[] {1, 4}, codes, (item, code) -> distances[item][code]))
        .isEqualTo(1);
    assertThat(codes[1]).containsExactly(2, 0, 3);
  }

  @Test
  void fewDifferentBitsCountMoreThanTheReconstruction() {
    try (BufferAllocator allocator = new RootAllocator();
        Tensor residual = Tensor.allocate(allocator, DType.FLOAT32, 1, 1)) {
      CodeDistance distance =
          CodeDistance.hamming(
              new int[] {5}, residual, new Centroids(8, 1, new float[] {0, 9, 0, 0, 3, 9, 0, 4}));
      assertThat(distance.of(0, 5)).isLessThan(distance.of(0, 4));
      assertThat(distance.of(0, 4)).isLessThan(distance.of(0, 7));
      assertThat(distance.of(0, 7)).isLessThan(distance.of(0, 1));
      assertThat(distance.of(0, 1)).isLessThan(distance.of(0, 0));
    }
  }
}
