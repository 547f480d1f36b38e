package org.onemall.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class TimedVectorsTest {
  private final BufferAllocator allocator = new RootAllocator();

  @TempDir Path folder;

  @AfterEach
  void everythingIsFreed() {
    allocator.close();
  }

  private Path write(int[] items, long[] moments, float... values) throws IOException {
    Path file = folder.resolve("item_vectors.arrow");
    int width = items.length == 0 ? 2 : values.length / items.length;
    Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, items.length, width);
    vectors.copyFrom(values, 0);
    try (TimedVectors rows = new TimedVectors(items, moments, vectors);
        OutputStream out = Files.newOutputStream(file)) {
      rows.write(out, allocator);
    }
    return file;
  }

  @Test
  void comeBackFromTheirTableOverSeveralBatches() throws IOException {
    Random random = new Random(4);
    int rows = 2 * TableWriter.BATCH_ROWS + 5;
    int[] items = new int[rows];
    long[] moments = new long[rows];
    float[] values = new float[rows * 3];
    for (int row = 0; row < rows; row++) {
      boolean same = row > 0 && random.nextBoolean();
      items[row] = row == 0 ? 2 : items[row - 1] + (same ? 0 : 1 + random.nextInt(3));
      moments[row] = same ? moments[row - 1] + 1 + random.nextInt(9) : random.nextInt(100);
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    try (TimedVectors found = TimedVectors.read(write(items, moments, values), allocator)) {
      assertThat(found.rows()).isEqualTo(rows);
      assertThat(found.item()).containsExactly(items);
      assertThat(found.validFromMs()).containsExactly(moments);
      assertThat(found.vectors().toFloats(0, values.length)).containsExactly(values);
    }
    try (TimedVectors none = TimedVectors.read(write(new int[0], new long[0]), allocator)) {
      assertThat(none.rows()).isZero();
      assertThat(none.vectors().dim(1)).isEqualTo(2);
    }
  }

  @Test
  void badRowsAreRefused() throws IOException {
    int[] twice = {3, 3};
    Path same = write(twice, new long[] {7, 7}, 1, 2);
    assertThatThrownBy(() -> TimedVectors.read(same, allocator))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sorted by item and valid_from_ms, found item 3 at row 1");
    Path unsorted = write(new int[] {3, 2}, new long[] {7, 8}, 1, 2);
    assertThatThrownBy(() -> TimedVectors.read(unsorted, allocator))
        .hasMessageContaining("found item 2 at row 1");
    Path negative = write(new int[] {-1}, new long[] {7}, 1);
    assertThatThrownBy(() -> TimedVectors.read(negative, allocator))
        .hasMessageContaining("found item -1 at row 0");
    Path odd = write(twice, new long[] {7, 8}, 1, 2, 3, Float.NaN);
    assertThatThrownBy(() -> TimedVectors.read(odd, allocator))
        .hasMessageContaining("found NaN in row 1 (item 3), position 1");
  }
}
