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
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** What the text model reads of an item: its title, and its category where it has one. */
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
    int count = 0;
    try (TableReader reader = new TableReader(TableSchema.ITEMS, items, allocator)) {
      while (reader.next()) {
        try (VectorSchemaRoot texts = texts(reader.batch(), allocator)) {
          model.feed("texts", texts);
          count += texts.getRowCount();
        }
      }
    }
    return count;
  }

  private static VectorSchemaRoot texts(VectorSchemaRoot items, BufferAllocator allocator) {
    IntVector itemOf = (IntVector) items.getVector("item");
    VarCharVector titleOf = (VarCharVector) items.getVector("title");
    VarCharVector categoryOf = (VarCharVector) items.getVector("category");
    VectorSchemaRoot texts = VectorSchemaRoot.create(SCHEMA, allocator);
    texts.allocateNew();
    IntVector item = (IntVector) texts.getVector("item");
    VarCharVector text = (VarCharVector) texts.getVector("text");
    for (int row = 0; row < items.getRowCount(); row++) {
      item.setSafe(row, itemOf.get(row));
      String title = new String(titleOf.get(row), StandardCharsets.UTF_8);
      String words =
          categoryOf.isNull(row)
              ? title
              : title + ". " + new String(categoryOf.get(row), StandardCharsets.UTF_8);
      text.setSafe(row, words.getBytes(StandardCharsets.UTF_8));
    }
    texts.setRowCount(items.getRowCount());
    return texts;
  }
}
