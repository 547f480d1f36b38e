package org.onemall.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * The latest SID of each item: {@code use} has the items per code of each level over the whole
 * catalogue, {@code sids} rows {@code [item, code, ...]} of the items to browse.
 */
final class SidUse {
  private static final int PICTURED = 90;
  private static final int PICTURED_UNDER_A_CODE = 9;

  private final int[] codes;
  private final int[][] use;
  private final List<int[]> browsed = new ArrayList<>();
  private int item = -1;
  private int items;

  private SidUse(int levels) {
    codes = new int[levels];
    use = new int[levels][];
    for (int level = 0; level < levels; level++) {
      use[level] = new int[0];
    }
  }

  /**
   * Reads {@code semantic_ids.arrow}.
   *
   * @param pictured whether some of the browsed items are to be shown with their pictures
   */
  static ObjectNode read(Path file, boolean pictured, Shown shown, BufferAllocator allocator)
      throws IOException {
    try (TableReader reader = new TableReader(TableSchema.SEMANTIC_IDS, file, allocator)) {
      SidUse tree = new SidUse(reader.width());
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        IntVector item = (IntVector) batch.getVector("item");
        FixedSizeListVector codes = (FixedSizeListVector) batch.getVector("codes");
        IntVector values = (IntVector) codes.getDataVector();
        for (int row = 0; row < batch.getRowCount(); row++) {
          tree.startRow(item.get(row));
          for (int level = 0; level < reader.width(); level++) {
            tree.codes[level] = values.get(codes.getElementStartIndex(row) + level);
          }
        }
      }
      tree.startRow(-1);
      if (pictured) {
        tree.picture(shown);
      }
      return tree.json();
    }
  }

  private void startRow(int next) {
    if (next != item) {
      count();
      item = next;
    }
  }

  private void count() {
    if (item < 0) {
      return;
    }
    items++;
    int[] row = new int[1 + codes.length];
    row[0] = item;
    for (int level = 0; level < codes.length; level++) {
      if (codes[level] >= use[level].length) {
        use[level] = Arrays.copyOf(use[level], codes[level] + 1);
      }
      use[level][codes[level]]++;
      row[level + 1] = codes[level];
    }
    if (item < Shown.BROWSED) {
      browsed.add(row);
    }
  }

  /** The first items under the largest first codes: those that a reader sees first. */
  private void picture(Shown shown) {
    Map<Integer, List<int[]>> byFirst = new TreeMap<>();
    browsed.forEach(row -> byFirst.computeIfAbsent(row[1], _ -> new ArrayList<>()).add(row));
    List<List<int[]>> groups = new ArrayList<>(byFirst.values());
    groups.sort((a, b) -> b.size() - a.size());
    int left = PICTURED;
    for (List<int[]> group : groups) {
      Map<Integer, Integer> sizes = new TreeMap<>();
      if (codes.length > 1) {
        group.forEach(row -> sizes.merge(row[2], 1, Integer::sum));
        group.sort((a, b) ->
            a[2] == b[2]
                ? Arrays.compare(a, 1, a.length, b, 1, b.length)
                : sizes.getOrDefault(a[2], 0).equals(sizes.getOrDefault(b[2], 0))
                    ? Integer.compare(a[2], b[2])
                    : sizes.getOrDefault(b[2], 0) - sizes.getOrDefault(a[2], 0));
      }
      for (int[] row : group.subList(0, Math.min(PICTURED_UNDER_A_CODE, group.size()))) {
        if (left-- > 0) {
          shown.picture(row[0]);
        }
      }
    }
  }

  private ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("items", items);
    ArrayNode levels = node.putArray("use");
    for (int[] counts : use) {
      ArrayNode level = levels.addArray();
      Arrays.stream(counts).forEach(level::add);
    }
    ArrayNode sids = node.putArray("sids");
    for (int[] row : browsed) {
      ArrayNode array = sids.addArray();
      Arrays.stream(row).forEach(array::add);
    }
    return node;
  }
}
