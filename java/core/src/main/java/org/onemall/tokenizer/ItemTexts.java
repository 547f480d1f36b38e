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
import org.jspecify.annotations.Nullable;
import org.onemall.model.Model;
import org.onemall.shop.ItemReader;
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
    try (ItemReader reader = new ItemReader(items, allocator);
        VectorSchemaRoot texts = VectorSchemaRoot.create(SCHEMA, allocator)) {
      IntVector item = (IntVector) texts.getVector("item");
      VarCharVector text = (VarCharVector) texts.getVector("text");
      int row = 0;
      while (reader.next()) {
        item.setSafe(row, reader.item());
        text.setSafe(row++, text(reader).getBytes(StandardCharsets.UTF_8));
        if (++count == known || reader.endsBatch()) {
          texts.setRowCount(row);
          model.feed("texts", texts);
          texts.clear();
          row = 0;
        }
      }
    }
    return count;
  }

  /** The text of the item that was read last. */
  static String text(ItemReader item) throws IOException {
    StringBuilder text = new StringBuilder(item.title());
    switch (item.scenario()) {
      case PRODUCT_CARD -> append(text, item.category());
      case SHORT_VIDEO -> {
        append(text, item.ocr());
        append(text, item.asr());
      }
      case LIVE_STREAMING -> {}
    }
    return text.toString();
  }

  private static void append(StringBuilder text, @Nullable String words) {
    if (words != null && !words.isBlank()) {
      text.append(". ").append(words);
    }
  }
}
