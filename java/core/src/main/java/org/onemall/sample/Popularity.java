package org.onemall.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.onemall.shop.Periods;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * How often the target behavior was done to each item before each snapshot: {@code total} counts
 * every event once, {@code recent} counts it half per half-life of age. Immutable, for any number
 * of threads until {@link #close}.
 */
public final class Popularity implements AutoCloseable {
  private final int items;
  private final Tensor counts; // (snapshots, items, 2)
  private final Tensor logs; // log1p of the counts

  private Popularity(int snapshots, int items, BufferAllocator allocator) {
    this.items = items;
    counts = Tensor.allocate(allocator, DType.FLOAT32, snapshots, items, 2);
    logs = Tensor.allocate(allocator, DType.FLOAT32, snapshots, items, 2);
  }

  /**
   * Counts a history in two passes, whatever the number of snapshots: the events are sorted by the
   * snapshot that knows them first, then what one snapshot knew has decayed when the next comes.
   */
  public static Popularity of(
      History history, Periods periods, SampleConfig config, BufferAllocator allocator) {
    Popularity popularity = new Popularity(periods.snapshots(), history.items(), allocator);
    double perMs = Math.log(.5) / (config.popularityHalfLifeDays() * Periods.DAY_MS);
    double[] recent = new double[history.items()];
    int[] total = new int[history.items()];
    try (FirstKnown known = FirstKnown.of(history, periods, config, allocator)) {
      for (int s = 0; s < periods.snapshots(); s++) {
        long at = periods.snapshotsMs().get(s);
        long before = periods.snapshotsMs().get(Math.max(0, s - 1));
        double decay = StrictMath.exp(perMs * (at - before));
        for (int i = 0; i < recent.length; i++) {
          recent[i] *= decay;
        }
        for (long place = known.start(s); place < known.start(s + 1); place++) {
          long row = known.row(place);
          recent[history.item(row)] += StrictMath.exp(perMs * (at - history.timeMs(row)));
          total[history.item(row)]++;
        }
        for (int i = 0; i < recent.length; i++) {
          popularity.set(popularity.index(s, i), (float) recent[i]);
          popularity.set(popularity.index(s, i) + 1, total[i]);
        }
      }
    }
    return popularity;
  }

  /** The rows of the target behavior by the first snapshot after them, in the history's order. */
  @SuppressWarnings("ArrayRecordComponent")
  private record FirstKnown(long[] starts, Tensor rows) implements AutoCloseable {
    static FirstKnown of(
        History history, Periods periods, SampleConfig config, BufferAllocator allocator) {
      int snapshots = periods.snapshots();
      long[] at = periods.snapshotsMs().stream().mapToLong(Long::longValue).toArray();
      int bit = config.targetBehavior().bit();
      long[] starts = new long[snapshots + 2]; // the last part: rows that no snapshot knows
      for (long row = 0; row < history.rows(); row++) {
        if ((history.behaviors(row) & bit) != 0) {
          starts[firstAfter(at, history.timeMs(row)) + 1]++;
        }
      }
      for (int s = 1; s < starts.length; s++) {
        starts[s] += starts[s - 1];
      }
      long[] next = starts.clone();
      Tensor rows = Tensor.allocate(allocator, DType.INT64, starts[snapshots + 1]);
      for (long row = 0; row < history.rows(); row++) {
        if ((history.behaviors(row) & bit) != 0) {
          rows.setLong(next[firstAfter(at, history.timeMs(row))]++, row);
        }
      }
      return new FirstKnown(starts, rows);
    }

    private static int firstAfter(long[] ascending, long timeMs) {
      int found = Arrays.binarySearch(ascending, timeMs);
      return found >= 0 ? found + 1 : -found - 1;
    }

    long start(int snapshot) {
      return starts[snapshot];
    }

    long row(long place) {
      return rows.getLong(place);
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  /** Writes {@link TableSchema#ITEM_POPULARITY}: items with a count. */
  public void write(OutputStream out, BufferAllocator allocator) throws IOException {
    try (TableWriter writer =
        new TableWriter(TableSchema.ITEM_POPULARITY.schema(0), out, allocator)) {
      for (int s = 0; s < snapshots(); s++) {
        for (int i = 0; i < items; i++) {
          if (total(s, i) > 0) {
            writer
                .setInt(0, s)
                .setInt(1, i)
                .setFloat(2, recent(s, i))
                .setFloat(3, total(s, i))
                .endRow();
          }
        }
      }
    }
  }

  /** Reads {@link TableSchema#ITEM_POPULARITY}. */
  public static Popularity read(Path file, int snapshots, int items, BufferAllocator allocator)
      throws IOException {
    Popularity popularity = new Popularity(snapshots, items, allocator);
    try (TableReader reader = new TableReader(TableSchema.ITEM_POPULARITY, file, allocator)) {
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        for (int row = 0; row < batch.getRowCount(); row++) {
          int snapshot = ((IntVector) batch.getVector(0)).get(row);
          int item = ((IntVector) batch.getVector(1)).get(row);
          Ids.check(file, snapshot, snapshots, item, items);
          long index = popularity.index(snapshot, item);
          popularity.set(index, ((Float4Vector) batch.getVector(2)).get(row));
          popularity.set(index + 1, ((Float4Vector) batch.getVector(3)).get(row));
        }
      }
      return popularity;
    } catch (IOException | RuntimeException e) {
      popularity.close();
      throw e;
    }
  }

  private void set(long index, float count) {
    counts.setFloat(index, count);
    logs.setFloat(index, (float) StrictMath.log1p(count));
  }

  private long index(int snapshot, int item) {
    return ((long) snapshot * items + item) * 2;
  }

  /** Number of snapshots. */
  public int snapshots() {
    return (int) counts.dim(0);
  }

  /** Number of items. */
  public int items() {
    return items;
  }

  /** Decayed count of an item before a snapshot; 0 before the first one (-1). */
  public float recent(int snapshot, int item) {
    return snapshot < 0 ? 0 : counts.getFloat(index(snapshot, item));
  }

  /** Count of an item before a snapshot; 0 before the first one (-1). */
  public float total(int snapshot, int item) {
    return snapshot < 0 ? 0 : counts.getFloat(index(snapshot, item) + 1);
  }

  /** log1p of {@link #recent}. */
  float logRecent(int snapshot, int item) {
    return snapshot < 0 ? 0 : logs.getFloat(index(snapshot, item));
  }

  /** log1p of {@link #total}. */
  float logTotal(int snapshot, int item) {
    return snapshot < 0 ? 0 : logs.getFloat(index(snapshot, item) + 1);
  }

  @Override
  public void close() {
    counts.close();
    logs.close();
  }
}
