package org.onemall.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** The texts and pictures of what the page shows. */
final class ShownTexts {
  private static final int LONGEST_TEXT = 120;

  private final Shown shown;
  private final ObjectNode items = JsonNodeFactory.instance.objectNode();
  private final ObjectNode users = JsonNodeFactory.instance.objectNode();

  /** Path of the first picture by item, of those to be pictured that have one. */
  private final Map<Integer, String> pictures = new TreeMap<>();

  ShownTexts(Shown shown) {
    this.shown = shown;
  }

  /** {@code {"<item>": [external id, title, price, scenario, category or null]}}. */
  ObjectNode items(Path file, BufferAllocator allocator) throws IOException {
    try (TableReader reader = new TableReader(TableSchema.ITEMS, file, allocator)) {
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        IntVector item = (IntVector) batch.getVector("item");
        for (int row = 0; row < batch.getRowCount(); row++) {
          if (shown.names(item.get(row))) {
            item(batch, item.get(row), row);
          }
        }
      }
    }
    return items;
  }

  private void item(VectorSchemaRoot batch, int id, int row) {
    Float4Vector price = (Float4Vector) batch.getVector("price");
    ArrayNode node =
        items
            .putArray(String.valueOf(id))
            .add(text(batch, "external_id", row))
            .add(text(batch, "title", row))
            .add(Math.round(price.get(row) * 100) / 100.0)
            .add(text(batch, "scenario", row));
    String category = text(batch, "category", row);
    if (category != null) {
      node.add(category);
    }
    if (shown.pictures(id)) {
      ListVector list = (ListVector) batch.getVector("pictures");
      VarCharVector paths = (VarCharVector) list.getDataVector();
      int start = list.getElementStartIndex(row);
      if (!list.isNull(row) && list.getElementEndIndex(row) > start) {
        pictures.put(id, new String(paths.get(start), StandardCharsets.UTF_8));
      }
    }
  }

  /** {@code {"<item>": data URI}}; for a catalogue that was read. */
  ObjectNode pictures(Thumbnails thumbnails) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    pictures.forEach((item, path) -> {
      String uri = thumbnails.dataUri(path);
      if (uri != null) {
        node.put(String.valueOf(item), uri);
      }
    });
    return node;
  }

  /** {@code {"<user>": external id}} of the sample users. */
  ObjectNode users(Path file, BufferAllocator allocator) throws IOException {
    try (TableReader reader = new TableReader(TableSchema.USERS, file, allocator)) {
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        IntVector user = (IntVector) batch.getVector("user");
        for (int row = 0; row < batch.getRowCount(); row++) {
          if (shown.namesUser(user.get(row))) {
            users.put(String.valueOf(user.get(row)), text(batch, "external_id", row));
          }
        }
      }
    }
    return users;
  }

  private static @Nullable String text(VectorSchemaRoot batch, String column, int row) {
    VarCharVector vector = (VarCharVector) batch.getVector(column);
    if (vector.isNull(row)) {
      return null;
    }
    String text = new String(vector.get(row), StandardCharsets.UTF_8);
    return text.codePointCount(0, text.length()) <= LONGEST_TEXT
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_TEXT)) + "…";
  }
}
