package org.onemall.shop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** Columns of {@link TableSchema#ITEMS}, in item order. */
public final class ItemColumns {
  private ItemColumns() {}

  /** The price of each item. */
  public static float[] prices(Path items, BufferAllocator allocator) throws IOException {
    int count = Math.toIntExact(TableReader.rows(TableSchema.ITEMS, items, allocator));
    float[] prices = new float[count];
    try (TableReader reader = new TableReader(TableSchema.ITEMS, items, allocator)) {
      int item = 0;
      while (reader.next()) {
        Float4Vector price = (Float4Vector) reader.batch().getVector("price");
        for (int row = 0; row < reader.batch().getRowCount(); row++) {
          prices[item++] = price.get(row);
        }
      }
    }
    return prices;
  }

  /**
   * The category of each item: its place in the alphabet of those that the first items have; -1 for
   * none, and for one that none of them has.
   *
   * @param known how many items come first
   */
  public static int[] categories(Path items, int known, BufferAllocator allocator)
      throws IOException {
    List<@Nullable String> paths = new ArrayList<>();
    try (TableReader reader = new TableReader(TableSchema.ITEMS, items, allocator)) {
      while (reader.next()) {
        VarCharVector category = (VarCharVector) reader.batch().getVector("category");
        for (int row = 0; row < reader.batch().getRowCount(); row++) {
          paths.add(
              category.isNull(row) ? null : new String(category.get(row), StandardCharsets.UTF_8));
        }
      }
    }
    Map<String, Integer> places = new TreeMap<>();
    for (@Nullable String path : paths.subList(0, known)) {
      if (path != null) {
        places.put(path, 0);
      }
    }
    int place = 0;
    for (Map.Entry<String, Integer> entry : places.entrySet()) {
      entry.setValue(place++);
    }
    return paths.stream()
        .mapToInt(path -> path == null || !places.containsKey(path) ? -1 : places.get(path))
        .toArray();
  }
}
