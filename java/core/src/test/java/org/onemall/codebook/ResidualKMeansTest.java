package org.onemall.codebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.codebook.CodebookConfig.FsqConfig;
import org.onemall.codebook.CodebookConfig.Last;
import org.onemall.codebook.CodebookConfig.Start;
import org.onemall.tensor.Tensor;

class ResidualKMeansTest {
  private final BufferAllocator allocator = new RootAllocator();

  @TempDir Path folder;

  @AfterEach
  void everythingIsFreed() {
    allocator.close();
  }

  private static CodebookConfig config(Integer... sizes) {
    return new CodebookConfig(
        List.of(sizes),
        Last.KMEANS,
        25,
        1e-4,
        Start.KMEANS_PLUS_PLUS,
        new FsqConfig(6, 8, 1, 4, 0.1, 0));
  }

  @Test
  void codesOfNewItemsFollowTheFit() {
    try (Tensor vectors = TestVectors.clusters(allocator, new Random(1), 900, 20, 30)) {
      List<KMeans.Result> results = new ArrayList<>();
      ResidualKMeans codebook =
          ResidualKMeans.fit(
              vectors, config(16, 8, 4), 9, 2, allocator, (_, result) -> results.add(result));
      try (ResidualKMeans.Coded coded = codebook.code(vectors, 3, 1, allocator)) {
        for (int level = 0; level < 3; level++) {
          assertThat(coded.codes()[level]).isEqualTo(results.get(level).codes());
        }
        for (int i = 0; i < 900 * 20; i++) {
          float sum = coded.residual().getFloat(i);
          for (int level = 0; level < 3; level++) {
            int code = coded.codes()[level][i / 20];
            sum += codebook.levels().get(level).values()[code * 20 + i % 20];
          }
          assertThat(sum).isCloseTo(vectors.getFloat(i), within(1e-4f));
        }
      }
      for (int level = 1; level < 3; level++) {
        assertThat(results.get(level).objectives().getLast())
            .isLessThan(results.get(level - 1).objectives().getLast());
      }
    }
  }

  @Test
  void comesBackFromItsTable() throws IOException {
    try (Tensor vectors = TestVectors.tensor(allocator, new Random(2), 50, 7)) {
      ResidualKMeans codebook =
          ResidualKMeans.fit(vectors, config(9, 5), 1, 1, allocator, (_, _) -> {});
      Path file = folder.resolve("codebook.arrow");
      try (OutputStream out = Files.newOutputStream(file)) {
        CodebookTable.write(codebook, out, allocator);
      }
      CodebookMetadata metadata = new CodebookMetadata(List.of(9, 5), Last.KMEANS, 0, 7);
      ResidualKMeans read = CodebookTable.read(file, metadata, allocator);
      for (int level = 0; level < 2; level++) {
        assertThat(read.levels().get(level).values())
            .isEqualTo(codebook.levels().get(level).values());
      }
      for (List<Integer> sizes : List.of(List.of(9, 6), List.of(9), List.of(9, 5, 2))) {
        assertThatThrownBy(() ->
                CodebookTable.read(file, new CodebookMetadata(sizes, Last.KMEANS, 0, 7), allocator))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("expected levels " + sizes);
      }
    }
  }

  @Test
  void metadataNamesTheSizesOfAllLevels() {
    assertThat(new CodebookMetadata(List.of(64, 32), Last.FSQ, 6, 8).levelSizes())
        .containsExactly(64, 32, 64);
    assertThat(new CodebookMetadata(List.of(64, 32), Last.KMEANS, 0, 8).levelSizes())
        .containsExactly(64, 32);
  }
}
