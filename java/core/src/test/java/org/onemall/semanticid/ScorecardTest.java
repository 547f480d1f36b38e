package org.onemall.semanticid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.codebook.TestVectors;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class ScorecardTest {
  @TempDir Path folder;

  @Test
  void countsByHandAgree() throws IOException {
    try (BufferAllocator allocator = new RootAllocator();
        Tensor vectors =
            Tensor.allocate(allocator, DType.FLOAT32, 4, 2)
                .copyFrom(new float[] {1, 0, 0.9f, 0.1f, 0, 1, 0.1f, 0.9f}, 0)) {
      // Items 0 and 1 share a SID; moving item 1 gives it one of its own.
      Scorecard scorecard =
          Scorecard.of(
              new int[] {4, 2},
              new int[][] {{0, 0, 3, 3}, {1, 1, 0, 1}},
              new int[][] {{0, 0, 3, 3}, {1, 0, 0, 1}},
              vectors,
              1);
      assertThat(scorecard.moved()).isEqualTo(1);
      assertThat(scorecard.before().conflict()).isEqualTo(0.5);
      assertThat(scorecard.before().exclusive()).isCloseTo(2 / 3.0, within(1e-12));
      assertThat(scorecard.after().conflict()).isZero();
      assertThat(scorecard.after().exclusive()).isEqualTo(1);
      Scorecard.Level first = scorecard.before().levels().getFirst();
      assertThat(first.used()).isEqualTo(2);
      assertThat(first.use()).isEqualTo(0.5);
      assertThat(first.entropy()).isCloseTo(1, within(1e-12));
      assertThat(first.gini()).isCloseTo(0.5, within(1e-12));
      // Of the 3 neighbours of an item one has its first code.
      assertThat(first.neighbourAgreement()).isCloseTo(1 / 3.0, within(1e-12));
      assertThat(scorecard.after().levels().get(1).neighbourAgreement()).isZero();

      Path file = folder.resolve("scorecard.json");
      try (OutputStream out = Files.newOutputStream(file)) {
        scorecard.write(out);
      }
      assertThat(Scorecard.read(file)).isEqualTo(scorecard);
      assertThat(Files.readString(file)).contains("\"neighbour_agreement\"");
    }
  }

  @Test
  void neighboursAreThoseOfAPlainSearch() {
    try (BufferAllocator allocator = new RootAllocator();
        Tensor vectors = TestVectors.tensor(allocator, new Random(8), 60, 19)) {
      CosineNeighbours found = CosineNeighbours.of(vectors, 2);
      assertThat(found.neighbours()).isDeepEqualTo(CosineNeighbours.of(vectors, 1).neighbours());
      for (int query = 0; query < 60; query++) {
        double last = 2;
        for (int neighbour : found.neighbours()[query]) {
          double cosine = cosine(vectors, query, neighbour);
          assertThat(cosine).isLessThanOrEqualTo(last + 1e-6);
          last = cosine;
        }
        int better = 0;
        for (int item = 0; item < 60; item++) {
          better += item != query && cosine(vectors, query, item) > last + 1e-6 ? 1 : 0;
        }
        assertThat(better).isEqualTo(9);
      }
    }
  }

  private static double cosine(Tensor vectors, int a, int b) {
    double dot = 0;
    double normA = 0;
    double normB = 0;
    for (int d = 0; d < 19; d++) {
      double x = vectors.getFloat(a * 19 + d);
      double y = vectors.getFloat(b * 19 + d);
      dot += x * y;
      normA += x * x;
      normB += y * y;
    }
    return dot / Math.sqrt(normA * normB);
  }
}
