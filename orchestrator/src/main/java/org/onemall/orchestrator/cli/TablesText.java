package org.onemall.orchestrator.cli;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.onemall.table.TableSchema;

/** The tables of {@code arrow-schemas/tables/} for people: {@code arrow-schemas/README.md}. */
final class TablesText {
  private TablesText() {}

  /** Markdown: what each table is, then a row for each column. */
  static String markdown() {
    StringBuilder text =
        new StringBuilder(
            """
            # Tables

            Made by `./onemall stages --tables` from `tables/`, which both languages read; `batches/` has the tensors that cross to a network. Times are UTC.
            """);
    for (TableSchema table : TableSchema.values()) {
      Schema schema = table.schema(0);
      text.append("\n## %s\n\n%s\n".formatted(table.table(), about(schema)));
      text.append("\n| column | type | may be null | |\n|---|---|---|---|\n");
      Map<String, String> descriptions = table.descriptions();
      for (Field field : schema.getFields()) {
        text.append(
            "| %s | %s | %s | %s |\n"
                .formatted(
                    field.getName(),
                    type(field),
                    field.isNullable() ? "yes" : "",
                    descriptions.get(field.getName())));
      }
    }
    return text.toString();
  }

  private static String about(Schema schema) {
    return String.valueOf(schema.getCustomMetadata().get("about"));
  }

  private static String type(Field field) {
    return switch (field.getType()) {
      case ArrowType.Int number -> "int" + number.getBitWidth();
      case ArrowType.FloatingPoint _ -> "float32";
      case ArrowType.Utf8 _ -> "text";
      case ArrowType.List _ -> "list of " + type(field.getChildren().getFirst());
      case ArrowType.FixedSizeList list ->
          "%s x %s"
              .formatted(
                  list.getListSize() == 0 ? "width" : list.getListSize(),
                  field.getChildren().stream()
                      .map(TablesText::type)
                      .collect(Collectors.joining(", ")));
      default -> throw new IllegalStateException("no table has a column of type " + field);
    };
  }
}
