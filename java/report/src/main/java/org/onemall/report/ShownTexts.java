package org.onemall.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.shop.ExternalIds;
import org.onemall.shop.ItemReader;
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
    try (ItemReader reader = new ItemReader(file, allocator)) {
      while (reader.next()) {
        if (shown.names(reader.item())) {
          item(reader);
        }
      }
    }
    return items;
  }

  private void item(ItemReader item) throws IOException {
    ArrayNode node =
        items
            .putArray(String.valueOf(item.item()))
            .add(shortened(item.externalId()))
            .add(shortened(item.title()))
            .add(Math.round(item.price() * 100) / 100.0)
            .add(item.scenario().key());
    String category = item.category();
    if (category != null) {
      node.add(shortened(category));
    }
    if (shown.pictures(item.item()) && !item.pictures().isEmpty()) {
      pictures.put(item.item(), item.pictures().getFirst());
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
    ExternalIds ids = ExternalIds.read(TableSchema.USERS, file, allocator);
    for (int user = 0; user < ids.size(); user++) {
      if (shown.namesUser(user)) {
        users.put(String.valueOf(user), shortened(ids.of(user)));
      }
    }
    return users;
  }

  private static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST_TEXT
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_TEXT)) + "…";
  }
}
