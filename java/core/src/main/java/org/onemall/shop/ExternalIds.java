package org.onemall.shop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * The ids that a shop gives its users or items, by dense id: their bytes in one array, so that a
 * million take some ten megabytes. Immutable.
 */
public final class ExternalIds {
  private static final String COLUMN = "external_id";

  private final byte[] bytes;
  private final int[] start;

  /** Dense ids in the order of their external ids' bytes. */
  private final int[] sorted;

  private ExternalIds(byte[] bytes, int[] start) {
    this.bytes = bytes;
    this.start = start;
    Integer[] order = new Integer[start.length - 1];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> compare(a, b));
    sorted = Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /** Reads {@link TableSchema#USERS} or {@link TableSchema#ITEMS}, rows in the order of ids. */
  public static ExternalIds read(TableSchema schema, Path file, BufferAllocator allocator)
      throws IOException {
    int[] start = new int[Math.toIntExact(TableReader.rows(schema, file, allocator)) + 1];
    byte[] bytes = new byte[16 * start.length];
    try (TableReader reader = new TableReader(schema, file, allocator)) {
      int id = 0;
      while (reader.next()) {
        VarCharVector column = (VarCharVector) reader.batch().getVector(COLUMN);
        for (int row = 0; row < column.getValueCount(); row++, id++) {
          byte[] text = column.get(row);
          start[id + 1] = Math.addExact(start[id], text.length);
          if (start[id + 1] > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(start[id + 1], 2 * bytes.length));
          }
          System.arraycopy(text, 0, bytes, start[id], text.length);
        }
      }
    }
    return new ExternalIds(bytes, start);
  }

  /** Number of ids. */
  public int size() {
    return start.length - 1;
  }

  /** The external id of a dense one. */
  public String of(int id) {
    return new String(bytes, start[id], start[id + 1] - start[id], StandardCharsets.UTF_8);
  }

  /** The dense id of an external one; -1 where nobody has it. */
  public int find(String externalId) {
    byte[] text = externalId.getBytes(StandardCharsets.UTF_8);
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int id = sorted[middle];
      int order = Arrays.compareUnsigned(bytes, start[id], start[id + 1], text, 0, text.length);
      if (order == 0) {
        return id;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private int compare(int a, int b) {
    return Arrays.compareUnsigned(bytes, start[a], start[a + 1], bytes, start[b], start[b + 1]);
  }
}
