package org.onemall.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class VectorTableTest {
  @TempDir Path folder;

  @Test
  void comesBackAsItWasOverSeveralBatches() throws IOException {
    Path file = folder.resolve("vectors.arrow");
    int rows = 2 * TableWriter.BATCH_ROWS + 17;
    Random random = new Random(7);
    try (RootAllocator allocator = new RootAllocator();
        Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, rows, 3)) {
      for (long i = 0; i < vectors.size(); i++) {
        vectors.setFloat(i, random.nextFloat());
      }
      try (OutputStream out = Files.newOutputStream(file)) {
        VectorTable.write(vectors, out, allocator);
      }
      try (Tensor read = VectorTable.read(file, allocator)) {
        assertThat(read.shape()).containsExactly(rows, 3);
        assertThat(read.segment().mismatch(vectors.segment())).isEqualTo(-1);
      }
    }
  }

  @Test
  void refusesItemsOutOfOrderAndNumbersThatAreNotFinite() throws IOException {
    try (RootAllocator allocator = new RootAllocator()) {
      Path swapped = write(allocator, "swapped.arrow", new int[] {1, 0}, 1f);
      assertThatThrownBy(() -> VectorTable.read(swapped, allocator))
          .hasMessageContaining("found item 1 in row 0");
      Path broken = write(allocator, "broken.arrow", new int[] {0, 1}, Float.NaN);
      assertThatThrownBy(() -> VectorTable.read(broken, allocator))
          .hasMessageContaining("found NaN at item 0, position 1");
    }
  }

  private Path write(RootAllocator allocator, String name, int[] items, float value)
      throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.VECTORS.schema(2), out, allocator)) {
      for (int item : items) {
        writer.setInt(0, item).setVector(1, new float[] {0, value}).endRow();
      }
    }
    return file;
  }
}
