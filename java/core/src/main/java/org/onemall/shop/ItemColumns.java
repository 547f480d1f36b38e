package org.onemall.shop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.table.TableSchema;

/** Columns of {@link TableSchema#ITEMS}, in item order. */
public final class ItemColumns {
  private ItemColumns() {}

  /** The price of each item. */
  public static float[] prices(Path items, BufferAllocator allocator) throws IOException {
    float[] prices = new float[ItemReader.count(items, allocator)];
    try (ItemReader reader = new ItemReader(items, allocator)) {
      for (int item = 0; reader.next(); item++) {
        prices[item] = reader.price();
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
    try (ItemReader reader = new ItemReader(items, allocator)) {
      while (reader.next()) {
        paths.add(reader.category());
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
