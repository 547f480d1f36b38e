package org.onemall.ingest.folder;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.source.Database;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/** Writes rows of plain values as files of a source folder, and reads tables back as such. */
final class SourceTables {
  private SourceTables() {}

  /** Rows as an Arrow IPC file. */
  static void arrow(TableSchema table, Path file, List<@Nullable Object[]> rows)
      throws IOException {
    Files.createDirectories(file.getParent());
    try (RootAllocator allocator = new RootAllocator();
        OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(table.schema(0), out, allocator)) {
      for (@Nullable Object[] row : rows) {
        for (int column = 0; column < row.length; column++) {
          set(writer, column, row[column]);
        }
        writer.endRow();
      }
    }
  }

  private static void set(TableWriter writer, int column, @Nullable Object value) {
    switch (value) {
      case null -> writer.setNull(column);
      case Integer whole -> writer.setInt(column, whole);
      case Long whole -> writer.setLong(column, whole);
      case Float number -> writer.setFloat(column, number);
      case String text -> writer.setString(column, text);
      case int[] wholes -> writer.setInts(column, wholes);
      case List<?> texts -> writer.setStrings(column, texts.stream().map(String::valueOf).toList());
      default -> throw new IllegalArgumentException("no column holds " + value);
    }
  }

  /** Rows as a Parquet file, all numbers as wide as they get. */
  static void parquet(TableSchema table, Path file, List<@Nullable Object[]> rows)
      throws IOException, SQLException {
    Files.createDirectories(file.getParent());
    String columns =
        table.schema(0).getFields().stream()
            .map(field -> '"' + field.getName() + "\" " + type(field))
            .collect(Collectors.joining(", "));
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (%s)".formatted(columns));
      for (@Nullable Object[] row : rows) {
        String values =
            Arrays.stream(row).map(SourceTables::literal).collect(Collectors.joining(", "));
        statement.execute("INSERT INTO t VALUES (%s)".formatted(values));
      }
      statement.execute("COPY t TO '%s'".formatted(file));
    }
  }

  /** Runs one statement in a database of its own. */
  static void sql(String statement) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var s = connection.createStatement()) {
      s.execute(statement);
    }
  }

  private static String type(Field field) {
    return switch (field.getType()) {
      case ArrowType.Int _ -> "BIGINT";
      case ArrowType.FloatingPoint _ -> "DOUBLE";
      case ArrowType.Utf8 _ -> "VARCHAR";
      default -> type(field.getChildren().getFirst()) + "[]";
    };
  }

  private static String literal(@Nullable Object value) {
    return switch (value) {
      case null -> "NULL";
      case String text -> Database.quoted(text);
      case Float number -> "'" + number + "'::FLOAT";
      case int[] wholes -> Arrays.toString(wholes);
      case List<?> texts ->
          texts.stream().map(SourceTables::literal).collect(Collectors.joining(", ", "[", "]"));
      default -> value.toString();
    };
  }

  /** The rows of a table, as Arrow's own objects. */
  static List<@Nullable Object[]> read(TableSchema table, Path file) throws IOException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    try (RootAllocator allocator = new RootAllocator();
        TableReader reader = new TableReader(table, file, allocator)) {
      while (reader.next()) {
        for (int row = 0; row < reader.batch().getRowCount(); row++) {
          int r = row;
          rows.add(
              reader.batch().getFieldVectors().stream()
                  .map(vector -> vector.getObject(r))
                  .map(value ->
                      value instanceof org.apache.arrow.vector.util.Text text
                          ? text.toString()
                          : value)
                  .toArray());
        }
      }
    }
    return rows;
  }
}
