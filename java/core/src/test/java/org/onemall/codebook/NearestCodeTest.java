package org.onemall.codebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class NearestCodeTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsFreed() {
    allocator.close();
  }

  @Test
  void agreesWithAScalarSearchInDoublePrecision() {
    for (int round = 0; round < 60; round++) {
      long seed = 1_000L + round;
      Random random = new Random(seed);
      int count = 1 + random.nextInt(300);
      int width = 1 + random.nextInt(130);
      int size = 1 + random.nextInt(200);
      Centroids centroids = new Centroids(size, width, TestVectors.floats(random, size * width));
      try (Tensor vectors = TestVectors.tensor(allocator, random, count, width)) {
        int[] codes = new NearestCode(centroids).of(vectors, 1 + random.nextInt(3));
        for (int i = 0; i < count; i++) {
          float[] row = vectors.toFloats((long) i * width, width);
          int expected = nearest(row, centroids);
          if (codes[i] != expected) {
            double best = distance(row, centroids, expected);
            assertThat(distance(row, centroids, codes[i]) - best)
                .as("seed %d, row %d: code %d or %d", seed, i, codes[i], expected)
                .isLessThan(1e-5 * (1 + best));
          }
        }
      }
    }
  }

  private static int nearest(float[] row, Centroids centroids) {
    int best = 0;
    for (int code = 1; code < centroids.size(); code++) {
      if (distance(row, centroids, code) < distance(row, centroids, best)) {
        best = code;
      }
    }
    return best;
  }

  private static double distance(float[] row, Centroids centroids, int code) {
    double sum = 0;
    for (int d = 0; d < row.length; d++) {
      double difference = (double) row[d] - centroids.values()[code * row.length + d];
      sum += difference * difference;
    }
    return sum;
  }

  @Test
  void tiesGoToTheLowestCode() {
    Random random = new Random(7);
    int width = 24;
    float[] values = TestVectors.floats(random, 100 * width);
    System.arraycopy(values, 3 * width, values, 90 * width, width);
    System.arraycopy(values, 3 * width, values, 47 * width, width);
    try (Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, 5, width)) {
      for (int i = 0; i < 5; i++) {
        float[] row = new float[width];
        System.arraycopy(values, 3 * width, row, 0, width);
        vectors.copyFrom(row, (long) i * width);
      }
      assertThat(new NearestCode(new Centroids(100, width, values)).of(vectors, 1)).containsOnly(3);
    }
  }

  @Test
  void noVectorsHaveNoCodes() {
    NearestCode nearest = new NearestCode(new Centroids(1, 2, new float[2]));
    try (Tensor none = Tensor.allocate(allocator, DType.FLOAT32, 0, 2)) {
      assertThat(nearest.of(none, 2)).isEmpty();
    }
  }

  @Test
  void anotherWidthIsRefused() {
    NearestCode nearest = new NearestCode(new Centroids(1, 2, new float[2]));
    try (Tensor wide = Tensor.allocate(allocator, DType.FLOAT32, 1, 3)) {
      assertThatThrownBy(() -> nearest.of(wide, 1)).hasMessageContaining("expected float32 (1, 2)");
    }
  }
}
