package org.onemall.semanticid;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/**
 * The SID of every item over time: rows of (item, valid from, codes), sorted. An item has its first
 * SID also before that became valid. Immutable.
 */
public final class SemanticIds {
  /** Key of the codes per level, comma-separated, in the metadata of the Arrow schema. */
  private static final String SIZES = "sizes";

  private final int[] sizes;
  private final int[] starts;
  private final long[] validFrom;
  private final int[] codes;

  private SemanticIds(int[] sizes, int[] starts, long[] validFrom, int[] codes) {
    this.sizes = sizes;
    this.starts = starts;
    this.validFrom = validFrom;
    this.codes = codes;
  }

  /**
   * SIDs that don't change in time.
   *
   * @param sizes codes of each level
   * @param codes by level and item
   */
  public static SemanticIds of(int[] sizes, int[][] codes) {
    int levels = sizes.length;
    int items = codes[0].length;
    int[] rows = new int[items * levels];
    int[] starts = new int[items + 1];
    for (int item = 0; item < items; item++) {
      starts[item + 1] = item + 1;
      for (int level = 0; level < levels; level++) {
        rows[item * levels + level] = check(sizes, level, codes[level][item], item);
      }
    }
    return new SemanticIds(sizes.clone(), starts, new long[items], rows);
  }

  /**
   * SIDs over time. A row with the codes of the item's row before it adds nothing and is left out.
   *
   * @param sizes codes of each level
   * @param items of each row, ascending
   * @param validFrom of each row, ascending for each item
   * @param codes by level and row
   */
  public static SemanticIds of(int[] sizes, int[] items, long[] validFrom, int[][] codes) {
    int levels = sizes.length;
    int[] starts = new int[items.length == 0 ? 1 : items[items.length - 1] + 2];
    long[] from = new long[items.length];
    int[] kept = new int[items.length * levels];
    int rows = 0;
    for (int row = 0; row < items.length; row++) {
      boolean same = row > 0 && items[row] == items[row - 1];
      if (row > 0 && (same ? validFrom[row] <= validFrom[row - 1] : items[row] < items[row - 1])) {
        throw new IllegalArgumentException(
            "semantic IDs: expected rows sorted by item and moment, found item %d at row %d"
                .formatted(items[row], row));
      }
      boolean differs = !same;
      for (int level = 0; level < levels; level++) {
        int code = check(sizes, level, codes[level][row], items[row]);
        kept[rows * levels + level] = code;
        differs |= code != kept[Math.max(0, rows - 1) * levels + level];
      }
      if (differs) {
        from[rows++] = validFrom[row];
        starts[items[row] + 1] = rows;
      }
    }
    fillGaps(starts);
    return new SemanticIds(
        sizes.clone(), starts, Arrays.copyOf(from, rows), Arrays.copyOf(kept, rows * levels));
  }

  private static int check(int[] sizes, int level, int code, int item) {
    if (code < 0 || code >= sizes[level]) {
      throw new IllegalArgumentException(
          "semantic IDs: expected codes below %d at level %d, found %d for item %d"
              .formatted(sizes[level], level, code, item));
    }
    return code;
  }

  /** Items without rows begin where the next one does. */
  private static void fillGaps(int[] starts) {
    for (int item = 0; item + 1 < starts.length; item++) {
      starts[item + 1] = Math.max(starts[item], starts[item + 1]);
    }
  }

  /** Reads the table. */
  public static SemanticIds read(Path file, BufferAllocator allocator) throws IOException {
    int rows = Math.toIntExact(TableReader.rows(TableSchema.SEMANTIC_IDS, file, allocator));
    try (TableReader reader = new TableReader(TableSchema.SEMANTIC_IDS, file, allocator)) {
      int levels = reader.width();
      int[] sizes = sizes(file, reader.batch().getSchema(), levels);
      int[] items = new int[rows];
      long[] validFrom = new long[rows];
      int[] codes = new int[rows * levels];
      int row = 0;
      while (reader.next()) {
        IntVector itemOf = (IntVector) reader.batch().getVector(0);
        BigIntVector validOf = (BigIntVector) reader.batch().getVector(1);
        IntVector codeOf =
            (IntVector) ((FixedSizeListVector) reader.batch().getVector(2)).getDataVector();
        for (int i = 0; i < reader.batch().getRowCount(); i++, row++) {
          items[row] = itemOf.get(i);
          validFrom[row] = validOf.get(i);
          for (int level = 0; level < levels; level++) {
            codes[row * levels + level] = codeOf.get(i * levels + level);
          }
        }
      }
      return new SemanticIds(sizes, starts(file, items, validFrom), validFrom, codes);
    }
  }

  private static int[] sizes(Path file, Schema schema, int levels) throws IOException {
    @Nullable String sizes = schema.getCustomMetadata().get(SIZES);
    int[] found =
        sizes == null
            ? new int[0]
            : Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray();
    if (found.length != levels) {
      throw new IOException(
          "%s: expected the codes of %d levels as '%s' in the schema's metadata, found %s; write the table again"
              .formatted(file, levels, SIZES, sizes));
    }
    return found;
  }

  private static int[] starts(Path file, int[] items, long[] validFrom) throws IOException {
    int[] starts = new int[items.length == 0 ? 1 : items[items.length - 1] + 2];
    for (int row = 0; row < items.length; row++) {
      boolean sorted =
          row == 0
              ? items[row] >= 0
              : items[row] > items[row - 1]
                  || (items[row] == items[row - 1] && validFrom[row] > validFrom[row - 1]);
      if (!sorted) {
        throw new IOException(
            "%s: expected rows sorted by item and valid_from_ms, found item %d at row %d"
                .formatted(file, items[row], row));
      }
      starts[items[row] + 1] = row + 1;
    }
    fillGaps(starts);
    return starts;
  }

  /** Writes the table; the schema's metadata carries the sizes of the levels. */
  public void write(OutputStream out, BufferAllocator allocator) throws IOException {
    Schema plain = TableSchema.SEMANTIC_IDS.schema(levels());
    Map<String, String> metadata = new HashMap<>(plain.getCustomMetadata());
    metadata.put(
        SIZES, Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(",")));
    int[] sid = new int[levels()];
    try (TableWriter writer =
        new TableWriter(new Schema(plain.getFields(), metadata), out, allocator)) {
      for (int item = 0; item < items(); item++) {
        for (int row = starts[item]; row < starts[item + 1]; row++) {
          System.arraycopy(codes, row * levels(), sid, 0, levels());
          writer.setInt(0, item).setLong(1, validFrom[row]).setCodes(2, sid).endRow();
        }
      }
    }
  }

  /** Items are numbered from 0 up to this. */
  public int items() {
    return starts.length - 1;
  }

  /** Whether the item has a SID at all. */
  public boolean has(int item) {
    return item < items() && starts[item] < starts[item + 1];
  }

  /** Hands over every moment at which the SID of an item changes. */
  public void changes(int item, LongConsumer sink) {
    for (int row = starts[item] + 1; has(item) && row < starts[item + 1]; row++) {
      sink.accept(validFrom[row]);
    }
  }

  public int levels() {
    return sizes.length;
  }

  /** A copy of the number of codes of each level. */
  public int[] sizes() {
    return sizes.clone();
  }

  /** Fills {@code out} (one code per level) with the SID of an item that was valid at a moment. */
  public void codes(int item, long timeMs, int[] out) {
    if (!has(item)) {
      throw new IllegalArgumentException("semantic IDs: item %d has none".formatted(item));
    }
    int found = Arrays.binarySearch(validFrom, starts[item], starts[item + 1], timeMs);
    int row = Math.max(found >= 0 ? found : -found - 2, starts[item]);
    System.arraycopy(codes, row * sizes.length, out, 0, sizes.length);
  }
}
