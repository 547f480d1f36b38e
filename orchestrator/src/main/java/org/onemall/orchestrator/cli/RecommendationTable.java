package org.onemall.orchestrator.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.onemall.order.Part;
import org.onemall.recommend.Recommendation;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/**
 * A file of recommendations, row by row: {@code .arrow} as it comes, {@code .parquet} and {@code
 * .csv} through a database on disk. Memory is bounded for any number of rows.
 */
interface RecommendationTable extends AutoCloseable {
  /** The endings of the files that can be written. */
  List<String> ENDINGS = List.of(".parquet", ".csv", ".arrow");

  void add(String user, Recommendation row) throws IOException;

  /** Completes the file. */
  @Override
  void close() throws IOException;

  /** Opens the table for a file, by its ending; the database lies beside it until it is closed. */
  static RecommendationTable create(Path file, String ending, BufferAllocator allocator)
      throws IOException {
    return switch (ending) {
      case ".arrow" -> new ArrowTable(file, allocator);
      case ".parquet", ".csv" -> new DatabaseTable(file, ending.substring(1));
      default ->
          throw new IllegalArgumentException(
              "expected a file that ends in one of %s, found %s".formatted(ENDINGS, file));
    };
  }

  /** The ending of a file's name; empty where it is none of {@link #ENDINGS}. */
  static String ending(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return ENDINGS.stream().filter(name::endsWith).findFirst().orElse("");
  }

  private static double part(Recommendation row, Part part) {
    Double added = row.parts().get(part);
    return added == null ? 0 : added;
  }

  /** Arrow IPC of {@link TableSchema#RECOMMENDATIONS}. */
  final class ArrowTable implements RecommendationTable {
    private final OutputStream out;
    private final TableWriter writer;

    private ArrowTable(Path file, BufferAllocator allocator) throws IOException {
      out = Files.newOutputStream(file);
      writer = new TableWriter(TableSchema.RECOMMENDATIONS.schema(0), out, allocator);
    }

    @Override
    public void add(String user, Recommendation row) throws IOException {
      writer
          .setString(0, user)
          .setInt(1, row.rank())
          .setString(2, row.item())
          .setFloat(3, row.score())
          .setString(4, row.sidText())
          .setString(5, row.sourcesText());
      int column = 6;
      for (Part part : Part.values()) {
        writer.setFloat(column++, (float) part(row, part));
      }
      writer.endRow();
    }

    @Override
    public void close() throws IOException {
      try (out) {
        writer.close();
      }
    }
  }

  /** Parquet or CSV, written by DuckDB. */
  final class DatabaseTable implements RecommendationTable {
    private static final String COLUMNS =
        "\"user\" VARCHAR, rank INTEGER, item VARCHAR, score FLOAT, sid VARCHAR, sources VARCHAR,"
            + " retriever FLOAT, tower FLOAT, memory FLOAT, frequency FLOAT";

    private final Path file;
    private final String format;
    private final Path database;
    private final Connection connection;
    private final DuckDBAppender appender;

    private DatabaseTable(Path file, String format) throws IOException {
      this.file = file;
      this.format = format;
      database = file.resolveSibling(file.getFileName() + ".rows");
      Files.deleteIfExists(database);
      Properties settings = new Properties();
      settings.setProperty("memory_limit", "1GB");
      settings.setProperty("threads", "1"); // rows stay in order
      try {
        connection = DriverManager.getConnection("jdbc:duckdb:" + database, settings);
        try (Statement statement = connection.createStatement()) {
          statement.execute("CREATE TABLE recommendations (" + COLUMNS + ")");
        }
        appender =
            connection.unwrap(DuckDBConnection.class).createAppender("main", "recommendations");
      } catch (SQLException e) {
        throw new IOException(database + ": can't be made: " + e.getMessage(), e);
      }
    }

    @Override
    public void add(String user, Recommendation row) throws IOException {
      try {
        appender.beginRow();
        appender.append(user);
        appender.append(row.rank());
        appender.append(row.item());
        appender.append(row.score());
        appender.append(row.sidText());
        appender.append(row.sourcesText());
        for (Part part : Part.values()) {
          appender.append((float) part(row, part));
        }
        appender.endRow();
      } catch (SQLException e) {
        throw new IOException(database + ": a row can't be written: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() throws IOException {
      try (connection;
          Statement statement = connection.createStatement()) {
        appender.close();
        String options = format.equals("csv") ? "FORMAT csv, HEADER" : "FORMAT parquet";
        String target = file.toString().replace("'", "''");
        statement.execute("COPY recommendations TO '%s' (%s)".formatted(target, options));
      } catch (SQLException e) {
        throw new IOException(file + ": can't be written: " + e.getMessage(), e);
      } finally {
        Files.deleteIfExists(database);
        Files.deleteIfExists(database.resolveSibling(database.getFileName() + ".wal"));
      }
    }
  }
}
