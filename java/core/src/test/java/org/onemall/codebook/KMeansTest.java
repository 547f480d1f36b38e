package org.onemall.codebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.onemall.codebook.CodebookConfig.Start;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class KMeansTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsFreed() {
    allocator.close();
  }

  @ParameterizedTest
  @EnumSource
  void theObjectiveNeverRises(Start start) {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      int size = 2 + random.nextInt(60);
      try (Tensor vectors =
          TestVectors.clusters(allocator, random, size + random.nextInt(800), 17, 9)) {
        List<Double> objectives = KMeans.fit(vectors, size, start, 30, 0, seed, 2).objectives();
        for (int i = 1; i < objectives.size(); i++) {
          assertThat(objectives.get(i))
              .as("seed %d, iteration %d", seed, i)
              .isLessThanOrEqualTo(objectives.get(i - 1) * (1 + 1e-6));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void threadsDoNotChangeABit(Start start) {
    try (Tensor vectors = TestVectors.clusters(allocator, new Random(5), 5_000, 31, 40)) {
      KMeans.Result one = KMeans.fit(vectors, 50, start, 12, 0, 3, 1);
      for (int threads : new int[] {2, 3, 8}) {
        KMeans.Result many = KMeans.fit(vectors, 50, start, 12, 0, 3, threads);
        assertThat(many.codes()).isEqualTo(one.codes());
        assertThat(bits(many.centroids())).isEqualTo(bits(one.centroids()));
        assertThat(many.objectives()).isEqualTo(one.objectives());
      }
      assertThat(bits(KMeans.fit(vectors, 50, start, 12, 0, 4, 1).centroids()))
          .as("another seed")
          .isNotEqualTo(bits(one.centroids()));
    }
  }

  private static int[] bits(Centroids centroids) {
    int[] bits = new int[centroids.values().length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(centroids.values()[i]));
    return bits;
  }

  @Test
  void plusPlusFindsClustersThatLieApart() {
    try (Tensor vectors = TestVectors.clusters(allocator, new Random(11), 2_000, 16, 12)) {
      KMeans.Result result = KMeans.fit(vectors, 12, Start.KMEANS_PLUS_PLUS, 50, 0, 1, 2);
      assertThat(result.objectives().getLast() / 2_000).isLessThan(0.3 * 0.3 * 16 * 1.5);
    }
  }

  @Test
  void emptyCodesAreSeededAgain() {
    // 50 equal items and 9 others: a sample most likely starts several codes on the same point.
    try (Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, 59, 2)) {
      for (int i = 50; i < 59; i++) {
        vectors.setFloat(2L * i, i);
      }
      KMeans.Result result = KMeans.fit(vectors, 10, Start.SAMPLE, 20, 0, 1, 1);
      assertThat(Arrays.stream(result.codes()).distinct().count()).isEqualTo(10);
      assertThat(result.objectives().getLast()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void equalItemsShareTheFirstCode(Start start) {
    try (Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, 40, 3)) {
      for (int i = 0; i < vectors.size(); i++) {
        vectors.setFloat(i, 0.7f);
      }
      KMeans.Result result = KMeans.fit(vectors, 8, start, 10, 0, 2, 2);
      assertThat(result.codes()).containsOnly(0);
      assertThat(result.objectives().getLast()).isZero();
    }
  }

  @Test
  void asManyCodesAsItemsGivesEachItsOwn() {
    try (Tensor vectors = TestVectors.tensor(allocator, new Random(3), 20, 4)) {
      KMeans.Result result = KMeans.fit(vectors, 20, Start.SAMPLE, 5, 0, 1, 1);
      assertThat(Arrays.stream(result.codes()).distinct().count()).isEqualTo(20);
    }
  }

  @Test
  void fewerItemsThanCodesAreRefused() {
    try (Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, 10, 4)) {
      assertThatThrownBy(() -> KMeans.fit(vectors, 64, Start.SAMPLE, 5, 0, 1, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("10 items for 64 codes")
          .hasMessageContaining("codebook.sizes");
    }
  }

  @Test
  void notANumberIsNamedByItem() {
    try (Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, 10, 4)) {
      vectors.setFloat(4 * 7 + 2, Float.NaN);
      assertThatThrownBy(() -> KMeans.fit(vectors, 4, Start.SAMPLE, 5, 0, 1, 1))
          .hasMessageContaining("NaN in the vector of item 7, position 2");
    }
  }
}
