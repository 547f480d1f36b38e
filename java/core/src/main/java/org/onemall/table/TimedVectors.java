package org.onemall.table;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * The {@link TableSchema#ITEM_VECTORS} artefact and its off-heap form: vectors of items over time,
 * sorted by item and moment. Owns the tensor; the arrays must not change.
 *
 * @param item of each row
 * @param validFromMs from when on the row holds
 * @param vectors FLOAT32 (rows, width)
 */
@SuppressWarnings("ArrayRecordComponent")
public record TimedVectors(int[] item, long[] validFromMs, Tensor vectors)
    implements AutoCloseable {
  public TimedVectors {
    if (vectors.dim(0) != item.length || validFromMs.length != item.length) {
      throw new IllegalArgumentException(
          "vectors over time: expected a vector and a moment for each of %d items, found %s and %d"
              .formatted(item.length, vectors, validFromMs.length));
    }
  }

  /** Number of rows. */
  public int rows() {
    return item.length;
  }

  /**
   * Reads the table. Rows out of order, or numbers that are not finite, are an {@link IOException}.
   */
  public static TimedVectors read(Path file, BufferAllocator allocator) throws IOException {
    int rows = Math.toIntExact(TableReader.rows(TableSchema.ITEM_VECTORS, file, allocator));
    try (TableReader reader = new TableReader(TableSchema.ITEM_VECTORS, file, allocator)) {
      Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, rows, reader.width());
      TimedVectors all = new TimedVectors(new int[rows], new long[rows], vectors);
      try {
        int row = 0;
        while (reader.next()) {
          row = all.readBatch(reader, row);
        }
        all.check(file);
        return all;
      } catch (IOException | RuntimeException e) {
        all.close();
        throw e;
      }
    }
  }

  private int readBatch(TableReader reader, int row) {
    int count = reader.batch().getRowCount();
    IntVector items = (IntVector) reader.batch().getVector(0);
    BigIntVector moments = (BigIntVector) reader.batch().getVector(1);
    FixedSizeListVector list = (FixedSizeListVector) reader.batch().getVector(2);
    Float4Vector data = (Float4Vector) list.getDataVector();
    for (int i = 0; i < count; i++) {
      item[row + i] = items.get(i);
      validFromMs[row + i] = moments.get(i);
    }
    long rowBytes = (long) reader.width() * Float.BYTES;
    int bytes = Math.toIntExact(count * rowBytes);
    vectors
        .segment()
        .asSlice(row * rowBytes, bytes)
        .copyFrom(MemorySegment.ofBuffer(data.getDataBuffer().nioBuffer(0, bytes)));
    return row + count;
  }

  private void check(Path file) throws IOException {
    for (int row = 0; row < item.length; row++) {
      boolean sorted =
          row == 0
              ? item[row] >= 0
              : item[row] > item[row - 1]
                  || (item[row] == item[row - 1] && validFromMs[row] > validFromMs[row - 1]);
      if (!sorted) {
        throw new IOException(
            "%s: expected rows sorted by item and valid_from_ms, found item %d at row %d; run stage represent again"
                .formatted(file, item[row], row));
      }
    }
    for (long i = 0; i < vectors.size(); i++) {
      if (!Float.isFinite(vectors.getFloat(i))) {
        int row = Math.toIntExact(i / vectors.dim(1));
        throw new IOException(
            "%s: expected finite numbers, found %s in row %d (item %d), position %d; run stage represent again"
                .formatted(file, vectors.getFloat(i), row, item[row], i % vectors.dim(1)));
      }
    }
  }

  /** A copy of some rows; it belongs to the caller, as this does. */
  public TimedVectors where(boolean[] wanted, BufferAllocator allocator) {
    int[] rows = IntStream.range(0, item.length).filter(row -> wanted[row]).toArray();
    long bytes = vectors.dim(1) * Float.BYTES;
    Tensor some = Tensor.allocate(allocator, DType.FLOAT32, rows.length, vectors.dim(1));
    for (int i = 0; i < rows.length; i++) {
      MemorySegment.copy(vectors.segment(), rows[i] * bytes, some.segment(), i * bytes, bytes);
    }
    return new TimedVectors(
        IntStream.of(rows).map(row -> item[row]).toArray(),
        IntStream.of(rows).mapToLong(row -> validFromMs[row]).toArray(),
        some);
  }

  /** Writes the table; the stream stays the caller's. */
  public void write(OutputStream out, BufferAllocator allocator) throws IOException {
    int width = Math.toIntExact(vectors.dim(1));
    try (TableWriter writer =
        new TableWriter(TableSchema.ITEM_VECTORS.schema(width), out, allocator)) {
      for (int row = 0; row < item.length; row++) {
        writer
            .setInt(0, item[row])
            .setLong(1, validFromMs[row])
            .setVector(2, vectors.toFloats((long) row * width, width))
            .endRow();
      }
    }
  }

  @Override
  public void close() {
    vectors.close();
  }
}
