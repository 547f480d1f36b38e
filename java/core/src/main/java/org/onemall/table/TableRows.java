package org.onemall.table;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Walks over a table row by row, batch after batch; before the first row at first. */
public final class TableRows implements AutoCloseable {
  private final TableReader table;
  private int row = -1;
  private int rows;

  /** Opens a table, see {@link TableReader}. */
  public TableRows(TableSchema schema, Path file, BufferAllocator allocator) throws IOException {
    table = new TableReader(schema, file, allocator);
  }

  /** Moves to the next row; false after the last. */
  public boolean next() throws IOException {
    while (++row >= rows) {
      if (!table.next()) {
        return false;
      }
      rows = table.batch().getRowCount();
      row = -1;
    }
    return true;
  }

  /** Where the current row stands in its columns. */
  public int row() {
    return row;
  }

  /** Whether the next row is in another batch of the file. */
  public boolean endsBatch() {
    return row + 1 == rows;
  }

  /** A column, which belongs to this object and always holds the current batch. */
  public FieldVector column(String name) {
    return table.batch().getVector(name);
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
