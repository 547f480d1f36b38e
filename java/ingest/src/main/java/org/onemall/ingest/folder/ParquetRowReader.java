package org.onemall.ingest.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.source.CheckedFiles;
import org.onemall.ingest.source.Database;
import org.onemall.table.TableSchema;

/** Rows of a Parquet file. */
final class ParquetRowReader extends RowReader {
  private static final String WHOLE = "U?(TINY|SMALL|BIG)INT|U?INTEGER";
  private static final String NUMBER = WHOLE + "|FLOAT|DOUBLE|DECIMAL\\(.*\\)";

  private final Statement statement;
  private final ResultSet rows;

  ParquetRowReader(TableSchema table, Path file, Database database)
      throws IOException, SQLException {
    super(table, file);
    CheckedFiles.check(List.of(file));
    String from = "read_parquet(%s)".formatted(Database.quoted(file.toString()));
    Map<String, String> found = new HashMap<>();
    try {
      database.each(
          "DESCRIBE SELECT * FROM " + from, row -> found.put(row.getString(1), row.getString(2)));
    } catch (SQLException e) {
      throw unreadable(e, "a Parquet file");
    }
    List<String> columns = new ArrayList<>();
    for (Field field : fields()) {
      Kind kind = Kind.of(field);
      String type = found.get(field.getName());
      check(field, type, type != null && type.matches(types(kind)));
      columns.add(type == null ? "NULL" : "\"%s\"::%s".formatted(field.getName(), cast(kind)));
    }
    statement = database.statement();
    rows = statement.executeQuery("SELECT %s FROM %s".formatted(String.join(", ", columns), from));
  }

  private static String types(Kind kind) {
    return switch (kind) {
      case WHOLE -> WHOLE;
      case NUMBER -> NUMBER;
      case TEXT -> "VARCHAR";
      case WHOLES -> "(" + WHOLE + ")\\[\\]";
      case TEXTS -> "VARCHAR\\[\\]";
    };
  }

  private static String cast(Kind kind) {
    return switch (kind) {
      case WHOLE -> "BIGINT";
      case NUMBER -> "DOUBLE";
      case TEXT -> "VARCHAR";
      case WHOLES -> "BIGINT[]";
      case TEXTS -> "VARCHAR[]";
    };
  }

  @Override
  boolean next() throws IOException {
    try {
      return rows.next();
    } catch (SQLException e) {
      throw unreadable(e, "a Parquet file");
    }
  }

  @Override
  boolean isNull(int column) throws SQLException {
    rows.getObject(column + 1);
    return rows.wasNull();
  }

  @Override
  long whole(int column) throws SQLException {
    return rows.getLong(column + 1);
  }

  @Override
  double number(int column) throws SQLException {
    return rows.getDouble(column + 1);
  }

  @Override
  String text(int column) throws SQLException {
    return rows.getString(column + 1);
  }

  private @Nullable Object[] list(int column) throws SQLException {
    return (@Nullable Object[]) rows.getArray(column + 1).getArray();
  }

  @Override
  long[] wholes(int column) throws SQLException {
    @Nullable Object[] list = list(column);
    long[] values = new long[list.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = list[i] instanceof Number number ? number.longValue() : -1;
    }
    return values;
  }

  @Override
  List<String> texts(int column) throws SQLException {
    List<String> values = new ArrayList<>();
    for (@Nullable Object value : list(column)) {
      values.add(value == null ? "" : value.toString());
    }
    return values;
  }

  @Override
  public void close() throws SQLException {
    try {
      rows.close();
    } finally {
      statement.close();
    }
  }
}
