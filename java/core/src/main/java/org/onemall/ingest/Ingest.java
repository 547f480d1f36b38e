package org.onemall.ingest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.ingest.Funnel.PeriodCounts;
import org.onemall.model.Scenario;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/**
 * Turns source files into the tables of the pipeline. The work is done by an embedded database in a
 * file of a scratch folder, within a memory limit, and its results are streamed, so that the number
 * of rows is bounded by the disk. The result is a function of the rows and the seed: neither their
 * order nor their file format matters.
 */
public final class Ingest implements AutoCloseable {
  private final IngestConfig config;
  private final IngestSql sql;
  private final Connection connection;
  private final Map<Reason, Long> refused = new EnumMap<>(Reason.class);
  private final Map<Reason, String> examples = new EnumMap<>(Reason.class);
  private final Periods periods;
  private long rejectedLines;

  /**
   * Reads and checks the source.
   *
   * @param seed of the dense ids
   * @param scratch an empty folder for the database; its content belongs to this object until
   *     {@link #close} and may then be deleted
   * @throws IOException for files that cannot be read, columns that are not there, and logs of
   *     which too much is broken or too little is left
   */
  public Ingest(IngestConfig config, SplitConfig split, long seed, Path scratch)
      throws IOException {
    this.config = config;
    this.sql = new IngestSql(config);
    SourceFiles files = SourceFiles.check(config.paths());
    this.connection = connect(scratch);
    try {
      checkColumns(files);
      load(files);
      periods = split(split);
      execute(IngestSql.users(seed));
      execute(IngestSql.EVENTS);
      execute(IngestSql.items(seed, periods.testFromMs()));
      execute(IngestSql.INTERACTIONS);
    } catch (SQLException e) {
      close();
      throw failed(e);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private Connection connect(Path scratch) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("memory_limit", config.memoryLimit());
    properties.setProperty("temp_directory", scratch.resolve("spill").toString());
    properties.setProperty("preserve_insertion_order", "false");
    properties.setProperty("jdbc_stream_results", "true");
    try {
      return DriverManager.getConnection(
          "jdbc:duckdb:" + scratch.resolve("ingest.duckdb"), properties);
    } catch (SQLException e) {
      throw new IOException("ingest: cannot open a database in " + scratch, e);
    }
  }

  private void execute(String statement) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute(statement);
    }
  }

  private void checkColumns(SourceFiles files) throws SQLException, IOException {
    List<String> found = new ArrayList<>(files.header());
    if (files.format() != SourceFiles.Format.CSV) {
      try (Statement s = connection.createStatement();
          ResultSet rows = s.executeQuery(IngestSql.describe(files))) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
    }
    List<String> missing = new ArrayList<>(config.columns().names());
    missing.removeAll(found);
    if (!missing.isEmpty()) {
      throw new IOException(
          "%s: no column %s, found the columns %s; correct ingest.columns"
              .formatted(files.paths().getFirst(), missing, found));
    }
  }

  private void load(SourceFiles files) throws SQLException, IOException {
    for (Reason reason : Reason.values()) {
      refused.put(reason, 0L);
    }
    execute(sql.rows(files));
    if (files.format() == SourceFiles.Format.CSV) {
      rejectedLines = count(IngestSql.REJECTED);
    }
    if (config.minimumItemRequests() > 1) {
      execute(IngestSql.refuseRare(Reason.RARE_ITEM, "item_id", config.minimumItemRequests()));
    }
    if (config.minimumUserRequests() > 1) {
      execute(IngestSql.refuseRare(Reason.RARE_USER, "user_id", config.minimumUserRequests()));
    }
    count(IngestSql.REFUSED);
    checkBroken(one("SELECT count(*) FROM rows")[0] + rejectedLines);
    execute(IngestSql.REQUESTS);
  }

  /** Adds rows of (reason, count, example) to what is refused; returns the sum of the counts. */
  private long count(String query) throws SQLException {
    long sum = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        Reason reason = Reason.of(rows.getString(1));
        long count = rows.getLong(2);
        refused.merge(reason, count, Long::sum);
        String example = rows.getString(3);
        if (count > 0 && example != null) {
          examples.merge(reason, "'" + example.strip() + "'", (first, next) -> first);
        }
        sum += count;
      }
    }
    return sum;
  }

  private void checkBroken(long read) throws IOException {
    if (read == 0) {
      throw new IOException(config.paths() + ": a header but no rows");
    }
    long broken = 0;
    StringBuilder what = new StringBuilder();
    for (Map.Entry<Reason, Long> entry : refused.entrySet()) {
      if (entry.getKey().broken() && entry.getValue() > 0) {
        broken += entry.getValue();
        what.append("%s %d".formatted(entry.getKey().key(), entry.getValue()));
        String example = examples.get(entry.getKey());
        what.append(example == null ? "; " : " (such as " + example + "); ");
      }
    }
    if (broken > config.maximumBrokenShare() * read) {
      throw new IOException(
          "%s: %d of %d rows cannot be read, more than maximum_broken_share %s: %scorrect ingest.columns, time_unit and time_format, or the files"
              .formatted(config.paths(), broken, read, config.maximumBrokenShare(), what));
    }
  }

  private Periods split(SplitConfig split) throws SQLException, IOException {
    long[] span = one(IngestSql.SPAN);
    if (span[2] == 0) {
      throw new IOException(config.paths() + ": every row is refused: " + named(refused));
    }
    if (span[2] > Integer.MAX_VALUE) {
      throw new IOException(
          "%s: expected at most %d requests, found %d; split the log"
              .formatted(config.paths(), Integer.MAX_VALUE, span[2]));
    }
    return Periods.split(span[0], span[1], split);
  }

  /** The single row of a query, as longs. */
  private long[] one(String query) throws SQLException {
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

  private static Map<String, Long> named(Map<Reason, Long> counts) {
    Map<String, Long> named = new LinkedHashMap<>();
    counts.forEach((reason, count) -> named.put(reason.key(), count));
    return named;
  }

  /** The split of the log. */
  public Periods periods() {
    return periods;
  }

  /** Where every row went. */
  public Funnel funnel() throws IOException {
    try {
      long[] totals = one(IngestSql.TOTALS);
      Map<String, PeriodCounts> counts = new LinkedHashMap<>();
      long[] bounds = {
        periods.firstMs(), periods.validationFromMs(), periods.testFromMs(), periods.lastMs() + 1
      };
      for (Period period : Period.values()) {
        int p = counts.size();
        long[] found = one(IngestSql.periodCounts(bounds[p], bounds[p + 1]));
        counts.put(
            period.key(), new PeriodCounts(found[0], found[1], found[2], found[3], found[4]));
      }
      return new Funnel(
          totals[0] + rejectedLines,
          named(refused),
          totals[1] - totals[2],
          totals[2],
          totals[3] / 100.0,
          totals[4],
          totals[5],
          totals[6],
          totals[7],
          counts);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Fills one row of a table from the current row of a result. */
  @FunctionalInterface
  private interface Row {
    void copy(ResultSet from, TableWriter to) throws SQLException;
  }

  private void write(
      TableSchema table, String query, OutputStream out, BufferAllocator allocator, Row row)
      throws IOException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query);
        TableWriter writer = new TableWriter(table.schema(0), out, allocator)) {
      while (rows.next()) {
        row.copy(rows, writer);
        writer.endRow();
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Writes {@link TableSchema#ITEMS}; every item belongs to {@code scenario}. */
  public void writeItems(Scenario scenario, OutputStream out, BufferAllocator allocator)
      throws IOException {
    write(
        TableSchema.ITEMS,
        IngestSql.READ_ITEMS,
        out,
        allocator,
        (from, to) ->
            to.setInt(0, from.getInt(1))
                .setString(1, from.getString(2))
                .setString(2, scenario.key())
                .setString(3, from.getString(3))
                .setString(4, from.getString(4))
                .setFloat(5, from.getFloat(5))
                .setString(6, from.getString(6))
                .setLong(7, from.getLong(7)));
  }

  /** Writes {@link TableSchema#USERS}. */
  public void writeUsers(OutputStream out, BufferAllocator allocator) throws IOException {
    write(
        TableSchema.USERS,
        IngestSql.READ_USERS,
        out,
        allocator,
        (from, to) -> to.setInt(0, from.getInt(1)).setString(1, from.getString(2)));
  }

  /** Writes {@link TableSchema#INTERACTIONS}, sorted by user, time, request and position. */
  public void writeInteractions(OutputStream out, BufferAllocator allocator) throws IOException {
    write(
        TableSchema.INTERACTIONS,
        IngestSql.READ_INTERACTIONS,
        out,
        allocator,
        (from, to) ->
            to.setInt(0, from.getInt(1))
                .setInt(1, from.getInt(2))
                .setInt(2, from.getInt(3))
                .setLong(3, from.getLong(4))
                .setInt(4, from.getInt(5))
                .setInt(5, from.getInt(6))
                .setFloat(6, from.getFloat(7))
                .setFloat(7, from.getFloat(8)));
  }

  private IOException failed(SQLException e) {
    return new IOException("ingest of " + config.paths() + ": " + e.getMessage(), e);
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
