package org.onemall.ingest.source;

import static org.onemall.ingest.source.Database.quoted;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.onemall.ingest.source.CheckedFiles.Format;

/**
 * Files as a table expression. Every column is read as text and typed by who asks, so that CSV,
 * JSON and Parquet give the same rows.
 */
public final class FileTable {
  private FileTable() {}

  /** The lines of CSV files that are no rows: reason, count, the first one with what is wrong. */
  public static final String REJECTED =
      """
      SELECT 'unparsable_line', count(DISTINCT (scan_id, file_id, line)),
        arg_min('line ' || line || ': ' || error_message, line) FROM reject_errors
      """;

  /** The files with at least the columns {@code names}. */
  public static String of(CheckedFiles files, List<String> names) {
    String paths =
        files.paths().stream()
            .map(Path::toString)
            .map(Database::quoted)
            .collect(Collectors.joining(", ", "[", "]"));
    return switch (files.format()) {
      case CSV ->
          "read_csv(%s, auto_detect = false, header = true, delim = %s, quote = '\"', escape = '\"', store_rejects = true, columns = {%s})"
              .formatted(
                  paths, quoted(String.valueOf(files.delimiter())), declared(files.header()));
      case JSON ->
          "read_json(%s, format = 'auto', ignore_errors = true, columns = {%s})"
              .formatted(paths, declared(names.stream().distinct().toList()));
      case PARQUET -> "read_parquet(%s)".formatted(paths);
    };
  }

  private static String declared(List<String> names) {
    return names.stream()
        .map(name -> quoted(name) + ": 'VARCHAR'")
        .collect(Collectors.joining(", "));
  }

  /**
   * Looks whether the columns are there.
   *
   * @param setting that names them, for the message
   */
  public static void check(
      Database database, CheckedFiles files, List<String> names, String setting)
      throws SQLException, IOException {
    List<String> found = new ArrayList<>(files.header());
    if (files.format() != Format.CSV) {
      database.each(describe(files), row -> found.add(row.getString(1)));
    }
    List<String> missing = new ArrayList<>(names);
    missing.removeAll(found);
    if (!missing.isEmpty()) {
      throw new IOException(
          "%s: no column %s, found the columns %s; correct %s"
              .formatted(files.paths().getFirst(), missing, found, setting));
    }
  }

  /** The columns of files that carry no header line; one row each, the name first. */
  private static String describe(CheckedFiles files) {
    String reader = files.format() == Format.PARQUET ? "read_parquet" : "read_json_auto";
    return "DESCRIBE SELECT * FROM %s(%s)"
        .formatted(reader, quoted(files.paths().getFirst().toString()));
  }
}
