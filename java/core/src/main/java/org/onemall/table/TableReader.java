package org.onemall.table;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Streams the batches of an Arrow IPC file that must follow a {@link TableSchema}; {@link #batch}
 * is overwritten by {@link #next}.
 */
public final class TableReader implements AutoCloseable {
  private final ArrowFileReader reader;
  private final VectorSchemaRoot root;
  private final int width;

  /**
   * Opens a table; another schema than the expected one is an {@link IOException} that names both.
   */
  public TableReader(TableSchema table, Path file, BufferAllocator allocator) throws IOException {
    reader = new ArrowFileReader(FileChannel.open(file, StandardOpenOption.READ), allocator);
    try {
      root = reader.getVectorSchemaRoot();
      width = width(root.getSchema());
      if (!root.getSchema().getFields().equals(table.schema(width).getFields())) {
        throw new IOException(
            "%s: expected the columns of table '%s' (%s), found %s"
                .formatted(file, table.table(), table.schema(width), root.getSchema()));
      }
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private static int width(Schema schema) {
    for (Field field : schema.getFields()) {
      if (field.getType() instanceof ArrowType.FixedSizeList list) {
        return list.getListSize();
      }
    }
    return 0;
  }

  /** Entries per fixed-size list of this file; 0 where it has none. */
  public int width() {
    return width;
  }

  /** Counts the rows of a table, batch by batch. */
  public static long rows(TableSchema table, Path file, BufferAllocator allocator)
      throws IOException {
    try (TableReader reader = new TableReader(table, file, allocator)) {
      long rows = 0;
      while (reader.next()) {
        rows += reader.batch().getRowCount();
      }
      return rows;
    }
  }

  /** Loads the next batch; false after the last. */
  public boolean next() throws IOException {
    return reader.loadNextBatch();
  }

  /** The current batch; its vectors belong to this reader. */
  public VectorSchemaRoot batch() {
    return root;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
