package org.onemall.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The tables of {@code arrow-schemas/tables/}: the contract that both languages read. A {@code
 * listSize} of 0 there stands for a width that the writer chooses.
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

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The table's name: its file in {@code arrow-schemas/tables/} and its artefact {@code
   * <name>.arrow}.
   */
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
    try {
      return Schema.fromJSON(JSON.writeValueAsString(withoutDescriptions(json())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One sentence for each column, in the order of the columns. */
  public Map<String, String> descriptions() {
    Map<String, String> descriptions = new LinkedHashMap<>();
    for (JsonNode field : json().path("fields")) {
      descriptions.put(field.path("name").asText(), field.path("description").asText());
    }
    return descriptions;
  }

  private JsonNode json() {
    String resource = table() + ".json";
    try (InputStream in = TableSchema.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            "arrow-schemas/tables/" + resource + " is not on the class path");
      }
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** They are for people: files don't carry them. */
  private static JsonNode withoutDescriptions(JsonNode schema) {
    for (JsonNode field : schema.path("fields")) {
      ((ObjectNode) field).remove("description");
    }
    return schema;
  }

  private static Field withWidth(Field field, int width) {
    if (!(field.getType() instanceof ArrowType.FixedSizeList list) || list.getListSize() != 0) {
      return field;
    }
    FieldType type = new FieldType(field.isNullable(), new ArrowType.FixedSizeList(width), null);
    return new Field(field.getName(), type, field.getChildren());
  }
}
