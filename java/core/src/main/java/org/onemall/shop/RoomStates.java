package org.onemall.shop;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * What live rooms sold when: rows of (room, valid from, products), sorted; a row holds until the
 * room's next one. No products = off air. Immutable.
 */
public final class RoomStates {
  private final int[] item;
  private final long[] fromMs;

  /** The rows of room i are {@code [rooms[i], rooms[i + 1])}. */
  private final int[] rooms;

  private final int[] starts;
  private final int[] products;

  private RoomStates(int[] item, long[] fromMs, int[] starts, int[] products) {
    this.item = item;
    this.fromMs = fromMs;
    this.rooms = new int[item.length == 0 ? 1 : item[item.length - 1] + 2];
    for (int of : item) {
      rooms[of + 1]++;
    }
    for (int of = 0; of + 1 < rooms.length; of++) {
      rooms[of + 1] += rooms[of];
    }
    this.starts = starts;
    this.products = products;
  }

  /** Reads {@link TableSchema#ROOM_STATES}; rows out of order are an {@link IOException}. */
  public static RoomStates read(Path file, BufferAllocator allocator) throws IOException {
    IntArrayList items = new IntArrayList();
    LongArrayList moments = new LongArrayList();
    IntArrayList starts = new IntArrayList(new int[] {0});
    IntArrayList products = new IntArrayList();
    try (TableReader reader = new TableReader(TableSchema.ROOM_STATES, file, allocator)) {
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        IntVector itemOf = (IntVector) batch.getVector("item");
        BigIntVector fromOf = (BigIntVector) batch.getVector("valid_from_ms");
        ListVector listOf = (ListVector) batch.getVector("products");
        IntVector productOf = (IntVector) listOf.getDataVector();
        for (int row = 0; row < batch.getRowCount(); row++) {
          items.add(itemOf.get(row));
          moments.add(fromOf.get(row));
          int end = listOf.getElementEndIndex(row);
          for (int i = listOf.getElementStartIndex(row); i < end; i++) {
            products.add(productOf.get(i));
          }
          starts.add(products.size());
        }
      }
    }
    check(file, items.toIntArray(), moments.toLongArray());
    return new RoomStates(
        items.toIntArray(), moments.toLongArray(), starts.toIntArray(), products.toIntArray());
  }

  private static void check(Path file, int[] item, long[] fromMs) throws IOException {
    for (int row = 0; row < item.length; row++) {
      boolean sorted =
          row == 0
              ? item[row] >= 0
              : item[row] > item[row - 1]
                  || (item[row] == item[row - 1] && fromMs[row] > fromMs[row - 1]);
      if (!sorted) {
        throw new IOException(
            "%s: expected rows sorted by item and valid_from_ms, found item %d at row %d; run stage ingest again"
                .formatted(file, item[row], row));
      }
    }
  }

  /** Number of rows. */
  public int rows() {
    return item.length;
  }

  public int item(int row) {
    return item[row];
  }

  /** The first row of a room; {@link #end} where it has none. */
  public int first(int room) {
    return room < rooms.length ? rooms[room] : item.length;
  }

  /** The row after a room's last. */
  public int end(int room) {
    return room + 1 < rooms.length ? rooms[room + 1] : item.length;
  }

  public long fromMs(int row) {
    return fromMs[row];
  }

  /** Until before when a row holds: the room's next row; {@link Long#MAX_VALUE} for its last. */
  public long untilMs(int row) {
    boolean last = row + 1 == item.length || item[row + 1] != item[row];
    return last ? Long.MAX_VALUE : fromMs[row + 1];
  }

  /** How many products a row has; 0 = off air. */
  public int count(int row) {
    return starts[row + 1] - starts[row];
  }

  /** The {@code i}-th product of a row; the first one is presented. */
  public int product(int row, int i) {
    return products[starts[row] + i];
  }

  /** The room's row that holds at a moment; -1 before its first, or where there is no such room. */
  public int at(int room, long timeMs) {
    if (room < 0) {
      return -1;
    }
    int state = Arrays.binarySearch(fromMs, first(room), end(room), timeMs);
    int latest = state >= 0 ? state : -state - 2;
    return latest >= first(room) ? latest : -1;
  }
}
