package org.onemall.tokenizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.onemall.model.Model;
import org.onemall.shop.Scenario;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * What the text model reads of an item. A product card: its title, and its category where it has
 * one. A short video: its title, what stands in its pictures (OCR) and what is said (ASR). A live
 * room: its title alone.
 */
public final class ItemTexts {
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              new Field("item", FieldType.notNullable(new ArrowType.Int(32, true)), List.of()),
              new Field("text", FieldType.notNullable(new ArrowType.Utf8()), List.of())));

  private ItemTexts() {}

  /**
   * Feeds {@code texts} (item, text), batch by batch, from {@link TableSchema#ITEMS}.
   *
   * @return the number of items
   */
  public static int feed(Model model, Path items, BufferAllocator allocator) throws IOException {
    return feed(model, items, Integer.MAX_VALUE, allocator);
  }

  /**
   * Likewise, with a new batch at an item: a text tokenizer of our own learns its words from the
   * first batch.
   *
   * @param known how many items come first
   */
  static int feed(Model model, Path items, int known, BufferAllocator allocator)
      throws IOException {
    int count = 0;
    try (TableReader reader = new TableReader(TableSchema.ITEMS, items, allocator)) {
      while (reader.next()) {
        int rows = reader.batch().getRowCount();
        int first = Math.clamp(known - (long) count, 0, rows);
        feed(model, reader.batch(), 0, first, allocator);
        feed(model, reader.batch(), first, rows, allocator);
        count += rows;
      }
    }
    return count;
  }

  private static void feed(
      Model model, VectorSchemaRoot items, int from, int to, BufferAllocator allocator) {
    if (from < to) {
      try (VectorSchemaRoot texts = texts(items, from, to, allocator)) {
        model.feed("texts", texts);
      }
    }
  }

  private static VectorSchemaRoot texts(
      VectorSchemaRoot items, int from, int to, BufferAllocator allocator) {
    IntVector itemOf = (IntVector) items.getVector("item");
    VectorSchemaRoot texts = VectorSchemaRoot.create(SCHEMA, allocator);
    texts.allocateNew();
    IntVector item = (IntVector) texts.getVector("item");
    VarCharVector text = (VarCharVector) texts.getVector("text");
    for (int row = from; row < to; row++) {
      item.setSafe(row - from, itemOf.get(row));
      text.setSafe(row - from, text(items, row).getBytes(StandardCharsets.UTF_8));
    }
    texts.setRowCount(to - from);
    return texts;
  }

  /** The text of the item in one row of {@link TableSchema#ITEMS}. */
  static String text(VectorSchemaRoot items, int row) {
    StringBuilder text = new StringBuilder(string(items, "title", row));
    List<String> more =
        switch (scenario(string(items, "scenario", row))) {
          case PRODUCT_CARD -> List.of("category");
          case SHORT_VIDEO -> List.of("ocr", "asr");
          case LIVE_STREAMING -> List.of();
        };
    for (String column : more) {
      String words = items.getVector(column).isNull(row) ? "" : string(items, column, row);
      if (!words.isBlank()) {
        text.append(". ").append(words);
      }
    }
    return text.toString();
  }

  private static String string(VectorSchemaRoot items, String column, int row) {
    return new String(((VarCharVector) items.getVector(column)).get(row), StandardCharsets.UTF_8);
  }

  private static Scenario scenario(String key) {
    for (Scenario scenario : Scenario.values()) {
      if (scenario.key().equals(key)) {
        return scenario;
      }
    }
    throw new IllegalArgumentException(
        "items: expected a scenario of %s, found '%s'".formatted(List.of(Scenario.values()), key));
  }
}
