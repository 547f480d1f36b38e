package org.onemall.ingest.source;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** An embedded database in a file of a scratch folder, within a memory limit; the rest spills. */
public final class Database implements AutoCloseable {
  private final Connection connection;

  public Database(Path scratch, String memoryLimit) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("memory_limit", memoryLimit);
    properties.setProperty("temp_directory", scratch.resolve("spill").toString());
    properties.setProperty("preserve_insertion_order", "false");
    properties.setProperty("jdbc_stream_results", "true");
    try {
      connection =
          DriverManager.getConnection(
              "jdbc:duckdb:" + scratch.resolve("ingest.duckdb"), properties);
    } catch (SQLException e) {
      throw new IOException("ingest: cannot open a database in " + scratch, e);
    }
  }

  public void execute(String statement) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute(statement);
    }
  }

  /** Hands every row of a query to {@code row}, at its place. */
  public void each(String query, Row row) throws SQLException, IOException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        row.accept(rows);
      }
    }
  }

  /** The single row of a query, as longs; null is 0. */
  public long[] one(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      long[] values = new long[rows.getMetaData().getColumnCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = rows.getLong(i + 1);
      }
      return values;
    }
  }

  /** A statement of its own, for a result that is read bit by bit. */
  public Statement statement() throws SQLException {
    return connection.createStatement();
  }

  /** Appends rows to a table; complete after its close. */
  public DuckDBAppender appender(String table) throws SQLException {
    return connection.unwrap(DuckDBConnection.class).createAppender(table);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** A text as a statement writes it. */
  public static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** Takes one row. */
  @FunctionalInterface
  public interface Row {
    void accept(ResultSet row) throws SQLException, IOException;
  }
}
