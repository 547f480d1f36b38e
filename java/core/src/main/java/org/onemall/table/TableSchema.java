package org.onemall.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The tables of {@code arrow-schemas/}: the contract that both languages read. A {@code listSize}
 * of 0 there stands for a width that the writer chooses.
 */
public enum TableSchema {
  ITEMS,
  USERS,
  INTERACTIONS,
  ROOM_STATES,
  ITEM_PAIRS,
  ITEM_NEIGHBOURS,
  WATCHING_EVIDENCE,
  PICTURE_FEATURES,
  ITEM_POPULARITY,
  VECTORS,
  ITEM_VECTORS,
  CODEBOOK,
  SEMANTIC_IDS,
  REQUESTS,
  RECOMMENDATIONS,
  TRUTH_INTERACTIONS,
  TRUTH_REQUESTS,
  TRUTH_PRODUCTS,
  TRUTH_VIDEOS,
  TRUTH_USERS;

  /** The table's name: its file in {@code arrow-schemas/} and its artefact {@code <name>.arrow}. */
  public String table() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The schema with every open list width set to {@code width} (any value where the table has
   * none).
   */
  public Schema schema(int width) {
    Schema open = open();
    List<Field> fields = open.getFields().stream().map(field -> withWidth(field, width)).toList();
    return new Schema(fields, open.getCustomMetadata());
  }

  private Schema open() {
    String resource = table() + ".json";
    try (InputStream in = TableSchema.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("arrow-schemas/" + resource + " is not on the class path");
      }
      return Schema.fromJSON(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Field withWidth(Field field, int width) {
    if (!(field.getType() instanceof ArrowType.FixedSizeList list) || list.getListSize() != 0) {
      return field;
    }
    FieldType type = new FieldType(field.isNullable(), new ArrowType.FixedSizeList(width), null);
    return new Field(field.getName(), type, field.getChildren());
  }
}
