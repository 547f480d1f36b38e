package org.onemall.codebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.codebook.CodebookConfig.FsqConfig;
import org.onemall.codebook.CodebookConfig.Last;
import org.onemall.codebook.CodebookConfig.Start;
import org.onemall.shop.Scenario;
import org.onemall.table.TimedVectors;
import org.onemall.tensor.DType;
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
  void levelsHaveNoMoreCodesThanThereAreDifferentVectors() {
    try (Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, 4, 2)) {
      vectors.copyFrom(new float[] {1, 0, 0, 1, 1, 1, 1, 0}, 0);
      ResidualKMeans codebook =
          ResidualKMeans.fit(vectors, config(64, 64), 1, 1, allocator, (_, _) -> {});
      assertThat(codebook.levels()).extracting(Centroids::size).containsExactly(3, 1);
      try (ResidualKMeans.Coded coded = codebook.code(vectors, 2, 1, allocator)) {
        int[] first = coded.codes()[0];
        assertThat(first[0]).isEqualTo(first[3]);
        assertThat(IntStream.of(first).distinct().count()).isEqualTo(3);
        assertThat(coded.residual().toFloats(0, 8)).containsOnly(0);
      }
    }
  }

  @Test
  void itemsThatCameLaterChangeNothing() {
    Random random = new Random(6);
    int width = 5;
    boolean[] known = new boolean[300];
    int[] item = IntStream.range(0, 300).toArray();
    try (TimedVectors all =
        new TimedVectors(item, new long[300], TestVectors.tensor(allocator, random, 300, width))) {
      Tensor vectors = all.vectors();
      for (int i = 0; i < 300; i++) {
        known[i] = random.nextInt(3) > 0;
      }
      List<float[]> before = fit(all, known);
      for (int i = 0; i < 300; i++) {
        if (!known[i]) {
          vectors.copyFrom(new float[] {9, 9, 9, 9, random.nextFloat()}, (long) i * width);
        }
      }
      List<float[]> again = fit(all, known);
      for (int level = 0; level < 2; level++) {
        assertThat(again.get(level)).isEqualTo(before.get(level));
      }
      Arrays.fill(known, true);
      assertThat(fit(all, known).get(0)).isNotEqualTo(before.get(0));
    }
  }

  private List<float[]> fit(TimedVectors all, boolean[] known) {
    try (TimedVectors some = all.where(known, allocator)) {
      for (int row = 0; row < some.rows(); row++) {
        assertThat(known[some.item()[row]]).isTrue();
      }
      return ResidualKMeans.fit(some.vectors(), config(8, 8), 3, 1, allocator, (_, _) -> {})
          .levels()
          .stream()
          .map(Centroids::values)
          .toList();
    }
  }

  @Test
  void scenariosMayHaveTheirOwnSizes() {
    CodebookConfig plain = config(8, 8);
    CodebookConfig config =
        new CodebookConfig(
            plain.sizes(),
            Last.FSQ,
            plain.iterations(),
            plain.tolerance(),
            plain.start(),
            plain.fsq(),
            Map.of("live_streaming", new CodebookConfig.Levels(List.of(4), 3)));
    assertThat(config.of(Scenario.PRODUCT_CARD)).isEqualTo(config);
    assertThat(config.of(Scenario.LIVE_STREAMING).sizes()).containsExactly(4);
    assertThat(config.of(Scenario.LIVE_STREAMING).fsq().bits()).isEqualTo(3);
    assertThat(config.of(Scenario.LIVE_STREAMING).fsq().hidden()).isEqualTo(8);
    assertThatThrownBy(() ->
            new CodebookConfig(
                plain.sizes(),
                Last.FSQ,
                1,
                0,
                plain.start(),
                plain.fsq(),
                Map.of("live", new CodebookConfig.Levels(List.of(4), 3))))
        .hasMessageContaining("codebook.scenarios: expected some of [product_card")
        .hasMessageContaining("found 'live'");
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
      CodebookMetadata metadata =
          new CodebookMetadata(List.of(9, 5), List.of(9, 5), Last.KMEANS, 0, 7);
      ResidualKMeans read = CodebookTable.read(file, metadata, allocator);
      for (int level = 0; level < 2; level++) {
        assertThat(read.levels().get(level).values())
            .isEqualTo(codebook.levels().get(level).values());
      }
      for (List<Integer> sizes : List.of(List.of(9, 6), List.of(9), List.of(9, 5, 2))) {
        assertThatThrownBy(() ->
                CodebookTable.read(
                    file, new CodebookMetadata(sizes, sizes, Last.KMEANS, 0, 7), allocator))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("expected levels " + sizes);
      }
    }
  }

  @Test
  void metadataNamesTheSizesOfAllLevels() {
    assertThat(new CodebookMetadata(List.of(64, 32), List.of(64, 32), Last.FSQ, 6, 8).levelSizes())
        .containsExactly(64, 32, 64);
    assertThat(
            new CodebookMetadata(List.of(64, 32), List.of(64, 32), Last.KMEANS, 0, 8).levelSizes())
        .containsExactly(64, 32);
  }
}
