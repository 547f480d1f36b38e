package org.onemall.semanticid;

import static org.assertj.core.api.Assertions.assertThat;

import it.unimi.dsi.fastutil.ints.IntArrays;
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
  /** A random catalogue with conflicts; its items came in a random order. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Catalogue(int[] sizes, int[][] codes, double[][] distances, int[] order) {
    static Catalogue of(Random random) {
      int[] sizes = {1 + random.nextInt(5), 1 + random.nextInt(5), 1 + random.nextInt(12)};
      int items = 1 + random.nextInt(80);
      double[][] distances = new double[items][sizes[2]];
      for (double[] row : distances) {
        Arrays.setAll(row, _ -> random.nextInt(5));
      }
      int[] order = IntStream.range(0, items).toArray();
      IntArrays.shuffle(order, random);
      return new Catalogue(sizes, RandomSids.codes(random, sizes, items), distances, order);
    }

    /** The codes once the first so many items are there. */
    int[][] resolved(int first) {
      int[][] after = Arrays.stream(codes).map(int[]::clone).toArray(int[][]::new);
      int[] known = Arrays.copyOf(order, first);
      int moved = NearestFree.resolve(sizes, after, known, (item, code) -> distances[item][code]);
      assertThat(after[0]).isEqualTo(codes[0]);
      assertThat(after[1]).isEqualTo(codes[1]);
      assertThat(IntStream.range(0, after[2].length).filter(i -> after[2][i] != codes[2][i]))
          .hasSize(moved);
      return after;
    }
  }

  @Test
  void everySidIsSingleWherePrefixesHaveRoom() {
    for (long seed = 1; seed <= 200; seed++) {
      Catalogue of = Catalogue.of(new Random(seed));
      int items = of.order.length;
      int[][] after = of.resolved(items);
      Map<List<Integer>, Integer> prefixes = new HashMap<>();
      Map<List<Integer>, Integer> sids = new HashMap<>();
      for (int i = 0; i < items; i++) {
        prefixes.merge(List.of(after[0][i], after[1][i]), 1, Integer::sum);
        sids.merge(List.of(after[0][i], after[1][i], after[2][i]), 1, Integer::sum);
      }
      for (int i = 0; i < items; i++) {
        if (prefixes.getOrDefault(List.of(after[0][i], after[1][i]), 0) <= of.sizes[2]) {
          assertThat(sids.get(List.of(after[0][i], after[1][i], after[2][i])))
              .as("seed %d, item %d", seed, i)
              .isEqualTo(1);
        }
      }
    }
  }

  @Test
  void whatComesLaterChangesNoSid() {
    for (long seed = 1; seed <= 200; seed++) {
      Catalogue of = Catalogue.of(new Random(seed));
      int[][] whole = of.resolved(of.order.length);
      for (int first = 0; first <= of.order.length; first++) {
        int[][] then = of.resolved(first);
        for (int place = 0; place < first; place++) {
          int item = of.order[place];
          assertThat(then[2][item])
              .as("seed %d, item %d when there were %d items", seed, item, first)
              .isEqualTo(whole[2][item]);
        }
      }
    }
  }

  @Test
  void theFirstKeepsItsCodeAndOthersTakeTheNearestFreeOne() {
    int[][] codes = {{0, 0, 0}, {2, 2, 3}};
    double[][] distances = {{9, 5, 1, 0}, {4, 6, 2, 0}, {9, 9, 9, 0}};
    CodeDistance distance = (item, code) -> distances[item][code];
    assertThat(NearestFree.resolve(new int[] {1, 4}, codes, new int[] {1, 0, 2}, distance))
        .isEqualTo(2);
    assertThat(codes[1]).containsExactly(3, 2, 0);
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
