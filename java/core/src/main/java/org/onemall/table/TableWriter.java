package org.onemall.table;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Streams rows into an Arrow IPC file, {@value #BATCH_ROWS} a batch, fewer where vectors are wide.
 * Set the columns of a row by index, then {@link #endRow}. The stream stays the caller's to close;
 * the file is complete only after {@link #close}.
 */
public final class TableWriter implements AutoCloseable {
  static final int BATCH_ROWS = 16_384;

  private static final int BATCH_BYTES = 64 << 20;

  private final VectorSchemaRoot root;
  private final ArrowFileWriter writer;
  private final int batchRows;
  private int row;

  public TableWriter(Schema schema, OutputStream out, BufferAllocator allocator)
      throws IOException {
    root = VectorSchemaRoot.create(schema, allocator);
    root.allocateNew();
    batchRows = Math.clamp(BATCH_BYTES / widest(schema), 1, BATCH_ROWS);
    writer = new ArrowFileWriter(root, null, Channels.newChannel(out));
    writer.start();
  }

  private static int widest(Schema schema) {
    int widest = 1;
    for (Field field : schema.getFields()) {
      if (field.getType() instanceof ArrowType.FixedSizeList list) {
        widest = Math.max(widest, list.getListSize() * Float.BYTES);
      }
    }
    return widest;
  }

  private <V extends FieldVector> V vector(int column, Class<V> type) {
    return type.cast(root.getVector(column));
  }

  public TableWriter setInt(int column, int value) {
    vector(column, IntVector.class).setSafe(row, value);
    return this;
  }

  public TableWriter setLong(int column, long value) {
    vector(column, BigIntVector.class).setSafe(row, value);
    return this;
  }

  public TableWriter setFloat(int column, float value) {
    vector(column, Float4Vector.class).setSafe(row, value);
    return this;
  }

  /** Sets a string, or null where the column allows it. */
  public TableWriter setString(int column, @Nullable String value) {
    VarCharVector vector = vector(column, VarCharVector.class);
    if (value == null) {
      vector.setNull(row);
    } else {
      vector.setSafe(row, value.getBytes(StandardCharsets.UTF_8));
    }
    return this;
  }

  /** Sets null, where the column allows it. */
  public TableWriter setNull(int column) {
    root.getVector(column).setNull(row);
    return this;
  }

  /** Sets a list of strings, of any length. */
  public TableWriter setStrings(int column, List<String> values) {
    ListVector list = vector(column, ListVector.class);
    int start = list.startNewValue(row);
    VarCharVector data = (VarCharVector) list.getDataVector();
    for (int i = 0; i < values.size(); i++) {
      data.setSafe(start + i, values.get(i).getBytes(StandardCharsets.UTF_8));
    }
    list.endValue(row, values.size());
    return this;
  }

  /** Sets a list of ints, of any length. */
  public TableWriter setInts(int column, int[] values) {
    ListVector list = vector(column, ListVector.class);
    int start = list.startNewValue(row);
    IntVector data = (IntVector) list.getDataVector();
    for (int i = 0; i < values.length; i++) {
      data.setSafe(start + i, values[i]);
    }
    list.endValue(row, values.length);
    return this;
  }

  /** Sets a fixed-size list of floats. */
  public TableWriter setVector(int column, float[] values) {
    FixedSizeListVector list = vector(column, FixedSizeListVector.class);
    int start = fixedStart(list, values.length);
    Float4Vector data = (Float4Vector) list.getDataVector();
    for (int i = 0; i < values.length; i++) {
      data.setSafe(start + i, values[i]);
    }
    return this;
  }

  /** Sets a fixed-size list of ints. */
  public TableWriter setCodes(int column, int[] values) {
    FixedSizeListVector list = vector(column, FixedSizeListVector.class);
    int start = fixedStart(list, values.length);
    IntVector data = (IntVector) list.getDataVector();
    for (int i = 0; i < values.length; i++) {
      data.setSafe(start + i, values[i]);
    }
    return this;
  }

  private int fixedStart(FixedSizeListVector list, int found) {
    if (found != list.getListSize()) {
      throw new IllegalArgumentException(
          "%s: expected %d values, found %d".formatted(list.getName(), list.getListSize(), found));
    }
    return list.startNewValue(row);
  }

  /** Closes the row; full batches are written out. */
  public void endRow() throws IOException {
    row++;
    if (row == batchRows) {
      flush();
    }
  }

  private void flush() throws IOException {
    root.setRowCount(row);
    writer.writeBatch();
    root.allocateNew();
    row = 0;
  }

  /** Writes the last batch and the footer. */
  @Override
  public void close() throws IOException {
    try {
      if (row > 0) {
        flush();
      }
      writer.end();
    } finally {
      writer.close();
      root.close();
    }
  }
}
