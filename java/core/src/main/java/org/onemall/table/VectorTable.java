package org.onemall.table;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/** The {@link TableSchema#VECTORS} artefact and its off-heap form: row = item, all items there. */
public final class VectorTable {
  private VectorTable() {}

  /**
   * Reads all vectors as FLOAT32 (items, width); the tensor belongs to the caller. Rows out of item
   * order, or numbers that are not finite, are an {@link IOException}.
   */
  public static Tensor read(Path file, BufferAllocator allocator) throws IOException {
    long rows = TableReader.rows(TableSchema.VECTORS, file, allocator);
    try (TableReader reader = new TableReader(TableSchema.VECTORS, file, allocator)) {
      int width = reader.width();
      Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, rows, width);
      try {
        long row = 0;
        while (reader.next()) {
          row = readBatch(reader, file, vectors, row);
        }
        checkFinite(vectors, file);
        return vectors;
      } catch (IOException | RuntimeException e) {
        vectors.close();
        throw e;
      }
    }
  }

  /** Width of the vectors. */
  public static int width(Path file, BufferAllocator allocator) throws IOException {
    try (TableReader reader = new TableReader(TableSchema.VECTORS, file, allocator)) {
      return reader.width();
    }
  }

  private static long readBatch(TableReader reader, Path file, Tensor vectors, long row)
      throws IOException {
    int count = reader.batch().getRowCount();
    IntVector items = (IntVector) reader.batch().getVector(0);
    for (int i = 0; i < count; i++) {
      if (items.get(i) != row + i) {
        throw new IOException(
            "%s: expected one row per item in item order, found item %d in row %d"
                .formatted(file, items.get(i), row + i));
      }
    }
    FixedSizeListVector list = (FixedSizeListVector) reader.batch().getVector(1);
    Float4Vector data = (Float4Vector) list.getDataVector();
    long rowBytes = (long) reader.width() * Float.BYTES;
    int bytes = Math.toIntExact(count * rowBytes);
    vectors
        .segment()
        .asSlice(row * rowBytes, bytes)
        .copyFrom(MemorySegment.ofBuffer(data.getDataBuffer().nioBuffer(0, bytes)));
    return row + count;
  }

  private static void checkFinite(Tensor vectors, Path file) throws IOException {
    for (long i = 0; i < vectors.size(); i++) {
      if (!Float.isFinite(vectors.getFloat(i))) {
        throw new IOException(
            "%s: expected finite numbers, found %s at item %d, position %d"
                .formatted(file, vectors.getFloat(i), i / vectors.dim(1), i % vectors.dim(1)));
      }
    }
  }

  /** Writes FLOAT32 (items, width), row = item. Both arguments stay the caller's. */
  public static void write(Tensor vectors, OutputStream out, BufferAllocator allocator)
      throws IOException {
    int width = Math.toIntExact(vectors.dim(1));
    try (TableWriter writer = new TableWriter(TableSchema.VECTORS.schema(width), out, allocator)) {
      for (int item = 0; item < vectors.dim(0); item++) {
        writer.setInt(0, item).setVector(1, vectors.toFloats((long) item * width, width)).endRow();
      }
    }
  }
}
