package org.onemall.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableSchemaTest {
  @ParameterizedTest
  @EnumSource
  void everyColumnHasOneSentence(TableSchema table) {
    Schema schema = table.schema(1);
    List<String> columns = schema.getFields().stream().map(Field::getName).toList();
    assertThat(table.descriptions().keySet()).containsExactlyElementsOf(columns);
    assertThat(table.descriptions().values()).allMatch(text -> text.matches("\\p{L}.{8,}[.]"));
    assertThat(schema.getCustomMetadata()).containsKey("about");
  }

  /** Files are the same bytes whatever is said of their columns. */
  @ParameterizedTest
  @EnumSource
  void sentencesStayOutOfFiles(TableSchema table) {
    assertThat(table.schema(1).toJson()).doesNotContain("description");
    assertThat(table.schema(1).getFields()).allMatch(field -> field.getMetadata().isEmpty());
  }
}
