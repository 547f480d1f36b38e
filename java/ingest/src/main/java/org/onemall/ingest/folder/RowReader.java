package org.onemall.ingest.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.source.Database;
import org.onemall.table.TableSchema;

/**
 * The rows of one file of a source folder, one at a time, whatever its format and however wide its
 * numbers. Columns go by their place in the table's schema; those that are not there are null.
 */
abstract sealed class RowReader implements AutoCloseable permits ArrowRowReader, ParquetRowReader {
  /** What a column holds. */
  enum Kind {
    WHOLE("a whole number (int32 or int64)"),
    NUMBER("a number (float32 or float64)"),
    TEXT("text (utf8)"),
    WHOLES("a list of whole numbers"),
    TEXTS("a list of texts");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }

    static Kind of(Field field) {
      return switch (field.getType()) {
        case ArrowType.Int _ -> WHOLE;
        case ArrowType.FloatingPoint _ -> NUMBER;
        case ArrowType.Utf8 _ -> TEXT;
        case ArrowType.List _ -> of(field.getChildren().getFirst()) == WHOLE ? WHOLES : TEXTS;
        default -> throw new IllegalStateException("no source has a column such as " + field);
      };
    }
  }

  /** What a source may leave out although the pipeline's own table has it. */
  private static final Set<String> OPTIONAL = Set.of("first_seen_ms");

  private final TableSchema table;
  private final Path file;

  RowReader(TableSchema table, Path file) {
    this.table = table;
    this.file = file;
  }

  /**
   * Opens a file.
   *
   * @throws IOException for one that cannot be read, lacks a column that it must have, or has one
   *     of another kind
   */
  static RowReader open(TableSchema table, Path file, Database database, BufferAllocator allocator)
      throws IOException, SQLException {
    return FolderFiles.isParquet(file)
        ? new ParquetRowReader(table, file, database)
        : new ArrowRowReader(table, file, allocator);
  }

  /** Goes to the next row; false after the last. */
  abstract boolean next() throws IOException, SQLException;

  abstract boolean isNull(int column) throws SQLException;

  /** A whole number that is not null. */
  abstract long whole(int column) throws SQLException;

  /** A number that is not null. */
  abstract double number(int column) throws SQLException;

  /** A text that is not null, with U+FFFD for bytes that are no UTF-8. */
  abstract String text(int column) throws SQLException;

  /** A list of whole numbers that is not null; one that is null in it is -1. */
  abstract long[] wholes(int column) throws SQLException;

  /** A list of texts that is not null; one that is null in it is empty. */
  abstract List<String> texts(int column) throws SQLException;

  @Override
  public abstract void close() throws IOException, SQLException;

  List<Field> fields() {
    return table.schema(0).getFields();
  }

  /**
   * Checks one column of the schema against what the file has.
   *
   * @param found the file's type in words; null where it has no such column
   */
  void check(Field field, @Nullable String found, boolean fits) throws IOException {
    if (found == null) {
      if (!field.isNullable() && !OPTIONAL.contains(field.getName())) {
        throw new IOException(
            "%s: no column %s (%s); add it: arrow-schemas/tables/%s.json has every column"
                .formatted(file, field.getName(), Kind.of(field).expected, table.table()));
      }
    } else if (!fits) {
      throw new IOException(
          "%s: column %s: expected %s, found %s; write it so: arrow-schemas/tables/%s.json has every column"
              .formatted(file, field.getName(), Kind.of(field).expected, found, table.table()));
    }
  }

  IOException unreadable(Exception cause, String what) {
    return new IOException(
        "%s: expected %s, but it cannot be read (%s); write or copy it again"
            .formatted(file, what, cause.getMessage()),
        cause);
  }
}
