package org.onemall.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * The texts that the page shows: of the sample users' items, and of items to browse the SID tree
 * with. Ids were permuted at random when the log was read, so the first {@value #BROWSED} items are
 * a fair sample of a larger catalogue.
 */
final class Catalogue {
  static final int BROWSED = 4_000;
  private static final int LONGEST_TEXT = 120;

  private final Set<Integer> wantedItems = new HashSet<>();
  private final Set<Integer> wantedUsers = new HashSet<>();

  /** For the items and users of {@code samples}, a list in {@code evaluation.json}. */
  Catalogue(JsonNode samples) {
    for (JsonNode sample : samples) {
      wantedUsers.add(sample.path("user").asInt());
      for (String list : new String[] {"history", "recommendations", "truth"}) {
        sample.path(list).forEach(item -> wantedItems.add(item.asInt()));
      }
    }
  }

  /** {@code {"<item>": [external id, title, price]}}. */
  ObjectNode items(Path file, BufferAllocator allocator) throws IOException {
    ObjectNode items = JsonNodeFactory.instance.objectNode();
    try (TableReader reader = new TableReader(TableSchema.ITEMS, file, allocator)) {
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        IntVector item = (IntVector) batch.getVector("item");
        Float4Vector price = (Float4Vector) batch.getVector("price");
        for (int row = 0; row < batch.getRowCount(); row++) {
          int id = item.get(row);
          if (id < BROWSED || wantedItems.contains(id)) {
            items
                .putArray(String.valueOf(id))
                .add(text(batch, "external_id", row))
                .add(text(batch, "title", row))
                .add(Math.round(price.get(row) * 100) / 100.0);
          }
        }
      }
    }
    return items;
  }

  /** {@code {"<user>": external id}} of the sample users. */
  ObjectNode users(Path file, BufferAllocator allocator) throws IOException {
    ObjectNode users = JsonNodeFactory.instance.objectNode();
    try (TableReader reader = new TableReader(TableSchema.USERS, file, allocator)) {
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        IntVector user = (IntVector) batch.getVector("user");
        for (int row = 0; row < batch.getRowCount(); row++) {
          if (wantedUsers.contains(user.get(row))) {
            users.put(String.valueOf(user.get(row)), text(batch, "external_id", row));
          }
        }
      }
    }
    return users;
  }

  private static String text(VectorSchemaRoot batch, String column, int row) {
    VarCharVector vector = (VarCharVector) batch.getVector(column);
    String text = new String(vector.get(row), StandardCharsets.UTF_8);
    return text.codePointCount(0, text.length()) <= LONGEST_TEXT
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_TEXT)) + "…";
  }

  /**
   * The latest SID of each item: {@code use} has the items per code of each level over the whole
   * catalogue, {@code sids} rows {@code [item, code, ...]} of the items to browse.
   */
  ObjectNode tree(Path file, BufferAllocator allocator) throws IOException {
    try (TableReader reader = new TableReader(TableSchema.SEMANTIC_IDS, file, allocator)) {
      Tree tree = new Tree(reader.width());
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
      return tree.finish();
    }
  }

  /** Counts the last row of each item. */
  private static final class Tree {
    private final int[] codes;
    private final int[][] use;
    private final ArrayNode sids = JsonNodeFactory.instance.arrayNode();
    private int item = -1;
    private int items;

    Tree(int levels) {
      codes = new int[levels];
      use = new int[levels][];
      for (int level = 0; level < levels; level++) {
        use[level] = new int[0];
      }
    }

    void startRow(int next) {
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
      ArrayNode row = item < BROWSED ? sids.addArray().add(item) : null;
      for (int level = 0; level < codes.length; level++) {
        if (codes[level] >= use[level].length) {
          use[level] = Arrays.copyOf(use[level], codes[level] + 1);
        }
        use[level][codes[level]]++;
        if (row != null) {
          row.add(codes[level]);
        }
      }
    }

    ObjectNode finish() {
      startRow(-1);
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      node.put("items", items);
      ArrayNode levels = node.putArray("use");
      for (int[] counts : use) {
        ArrayNode level = levels.addArray();
        for (int count : counts) {
          level.add(count);
        }
      }
      node.set("sids", sids);
      return node;
    }
  }
}
