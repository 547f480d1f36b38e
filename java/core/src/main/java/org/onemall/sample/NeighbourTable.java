package org.onemall.sample;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * The item-to-item table in off-heap columns: the neighbours of an item in a snapshot are the
 * entries {@code [start, end)}, best first. Immutable, for any number of threads until {@link
 * #close}.
 */
public final class NeighbourTable implements AutoCloseable {
  private final Tensors columns = new Tensors();
  private final Tensor start;
  private final Tensor neighbour;
  private final Tensor score;
  private final int snapshots;
  private final int items;

  private NeighbourTable(int snapshots, int items, long entries, BufferAllocator allocator) {
    this.snapshots = snapshots;
    this.items = items;
    start = columns.add("start", allocator, DType.INT64, (long) snapshots * items + 1);
    neighbour = columns.add("neighbour", allocator, DType.INT32, entries);
    score = columns.add("score", allocator, DType.FLOAT32, entries);
  }

  /** Reads {@link TableSchema#ITEM_NEIGHBOURS}; rows out of order are an {@link IOException}. */
  public static NeighbourTable read(Path file, int snapshots, int items, BufferAllocator allocator)
      throws IOException {
    long entries = TableReader.rows(TableSchema.ITEM_NEIGHBOURS, file, allocator);
    NeighbourTable table = new NeighbourTable(snapshots, items, entries, allocator);
    try (TableReader reader = new TableReader(TableSchema.ITEM_NEIGHBOURS, file, allocator)) {
      table.fill(reader, file);
      return table;
    } catch (IOException | RuntimeException e) {
      table.close();
      throw e;
    }
  }

  private void fill(TableReader reader, Path file) throws IOException {
    long entry = 0;
    long list = -1;
    while (reader.next()) {
      VectorSchemaRoot batch = reader.batch();
      for (int row = 0; row < batch.getRowCount(); row++, entry++) {
        int snapshot = ((IntVector) batch.getVector(0)).get(row);
        int item = ((IntVector) batch.getVector(1)).get(row);
        int other = ((IntVector) batch.getVector(2)).get(row);
        Ids.check(file, snapshot, snapshots, item, items);
        Ids.check(file, snapshot, snapshots, other, items);
        long found = list(snapshot, item);
        float value = ((Float4Vector) batch.getVector(3)).get(row);
        neighbour.setInt(entry, other);
        score.setFloat(entry, value);
        boolean falling = found > list || (entry > 0 && value <= score.getFloat(entry - 1));
        if (found < list || !falling || !(value > 0 && value < Float.POSITIVE_INFINITY)) {
          throw new IOException(
              "%s: expected rows sorted by snapshot, item and falling positive score, found otherwise in row %d; run item2item again"
                  .formatted(file, entry));
        }
        while (list < found) {
          start.setLong(++list, entry);
        }
      }
    }
    while (list < (long) snapshots * items) {
      start.setLong(++list, entry);
    }
  }

  private long list(int snapshot, int item) {
    return (long) snapshot * items + item;
  }

  /** The first entry of an item in a snapshot; snapshot -1 has none. */
  public long start(int snapshot, int item) {
    return snapshot < 0 ? 0 : start.getLong(list(snapshot, item));
  }

  /** The entry after an item's last in a snapshot. */
  public long end(int snapshot, int item) {
    return snapshot < 0 ? 0 : start.getLong(list(snapshot, item) + 1);
  }

  public int neighbour(long entry) {
    return neighbour.getInt(entry);
  }

  /** Positive. */
  public float score(long entry) {
    return score.getFloat(entry);
  }

  @Override
  public void close() {
    columns.close();
  }
}
