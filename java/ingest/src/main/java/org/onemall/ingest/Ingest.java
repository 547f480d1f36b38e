package org.onemall.ingest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.Funnel.PeriodCounts;
import org.onemall.ingest.Funnel.ScenarioCounts;
import org.onemall.ingest.folder.FolderFiles;
import org.onemall.ingest.folder.FolderSource;
import org.onemall.ingest.log.LogConfig;
import org.onemall.ingest.log.LogSource;
import org.onemall.ingest.sequences.SequenceSource;
import org.onemall.ingest.source.CheckedFiles;
import org.onemall.ingest.source.Database;
import org.onemall.ingest.source.Source;
import org.onemall.ingest.source.TableCounts;
import org.onemall.shop.Period;
import org.onemall.shop.Periods;
import org.onemall.shop.SplitConfig;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/**
 * Turns source files into the tables of the pipeline. The work is done by an embedded database in a
 * file of a scratch folder, within a memory limit, and its results are streamed, so that the number
 * of rows is bounded by the disk. The result is a function of the rows and the seed: neither their
 * order nor their file format matters.
 */
public final class Ingest implements AutoCloseable {
  private final Database database;
  private final Source source;
  private final Periods periods;

  /**
   * Reads and checks the source.
   *
   * @param seed of the dense ids
   * @param scratch an empty folder for the database; its content belongs to this object until
   *     {@link #close} and may then be deleted
   * @param allocator for the batches of Arrow files; nothing of it is held afterwards
   * @throws IOException for files that cannot be read, columns that are not there, and sources of
   *     which too much is broken or too little is left
   */
  public Ingest(
      IngestConfig config, SplitConfig split, long seed, Path scratch, BufferAllocator allocator)
      throws IOException {
    database = new Database(scratch, config.memoryLimit());
    try {
      source = source(config, allocator);
      if (!source.splits().contains(split.by())) {
        throw new IllegalArgumentException(
            "split.by: expected one of %s for %s, found %s"
                .formatted(source.splits(), source.name(), split.by()));
      }
      source.read();
      periods = split(split);
      source.number(seed, periods);
    } catch (SQLException e) {
      close();
      throw failed(e);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private Source source(IngestConfig config, BufferAllocator allocator) throws IOException {
    if (config.folder() != null) {
      return new FolderSource(
          FolderFiles.of(config.folder()),
          config.minimumUserRequests(),
          config.requestGapMinutes(),
          config.maximumBrokenShare(),
          database,
          allocator);
    }
    if (config.sequences() != null) {
      return new SequenceSource(
          config.sequences(),
          config.minimumUserRequests(),
          config.minimumItemRequests() == null ? 1 : config.minimumItemRequests(),
          config.maximumBrokenShare(),
          database);
    }
    LogConfig log = config.log();
    return new LogSource(log, CheckedFiles.check(log.paths()), database);
  }

  private Periods split(SplitConfig split) throws SQLException, IOException {
    if (split.by() == SplitConfig.By.LEAVE_ONE_OUT) {
      database.execute(ResultSql.REQUESTS_BY_ORDER);
    }
    long[] span = database.one(ResultSql.SPAN);
    if (span[2] == 0) {
      throw new IOException(source.name() + ": every row is refused: " + source.refused());
    }
    if (span[2] > Integer.MAX_VALUE) {
      throw new IOException(
          "%s: expected at most %d requests, found %d; split the log"
              .formatted(source.name(), Integer.MAX_VALUE, span[2]));
    }
    return Periods.split(span[0], span[1], split);
  }

  /** The split of the log. */
  public Periods periods() {
    return periods;
  }

  /** Where every row went. */
  public Funnel funnel() throws IOException {
    try {
      long[] totals = database.one(ResultSql.TOTALS);
      Map<String, PeriodCounts> counts = new LinkedHashMap<>();
      long[] bounds = {
        periods.firstMs(), periods.validationFromMs(), periods.testFromMs(), periods.lastMs() + 1
      };
      for (Period period : Period.values()) {
        int p = counts.size();
        long[] found = database.one(ResultSql.periodCounts(bounds[p], bounds[p + 1]));
        counts.put(
            period.key(), new PeriodCounts(found[0], found[1], found[2], found[3], found[4]));
      }
      Map<String, TableCounts> tables = source.tables();
      return new Funnel(
          source.rowsRead(),
          source.refused(),
          source.rowsMerged(),
          totals[0],
          totals[1] / 100.0,
          totals[2],
          totals[3],
          totals[4],
          totals[5],
          totals[6],
          counts,
          tables,
          tables == null ? null : scenarios());
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private Map<String, ScenarioCounts> scenarios() throws SQLException, IOException {
    Map<String, ScenarioCounts> scenarios = new LinkedHashMap<>();
    database.each(
        ResultSql.SCENARIOS,
        row ->
            scenarios.put(
                row.getString(1),
                new ScenarioCounts(
                    row.getLong(2),
                    row.getLong(10),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7),
                    row.getLong(8),
                    row.getLong(9) / 100.0)));
    return scenarios;
  }

  /** Fills one row of a table from the current row of a result. */
  @FunctionalInterface
  private interface Row {
    void copy(ResultSet from, TableWriter to) throws SQLException;
  }

  private void write(
      TableSchema table, String query, OutputStream out, BufferAllocator allocator, Row row)
      throws IOException {
    try (Statement statement = database.statement();
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

  /** Writes {@link TableSchema#ITEMS}; the items of a log are product cards. */
  public void writeItems(OutputStream out, BufferAllocator allocator) throws IOException {
    write(
        TableSchema.ITEMS,
        ResultSql.ITEMS,
        out,
        allocator,
        (from, to) -> {
          to.setInt(0, from.getInt(1))
              .setString(1, from.getString(2))
              .setString(2, from.getString(3))
              .setString(3, from.getString(4))
              .setString(4, from.getString(5))
              .setFloat(5, from.getFloat(6))
              .setString(6, from.getString(7))
              .setLong(7, from.getLong(8))
              .setString(8, from.getString(9))
              .setString(9, from.getString(10));
          optionalInt(from, to, 10);
          String pictures = from.getString(12);
          if (pictures == null) {
            to.setNull(11);
          } else {
            to.setStrings(11, List.of(pictures.split("\n")));
          }
          optionalLong(from, to, 12);
          optionalLong(from, to, 13);
        });
  }

  /** Writes {@link TableSchema#USERS}. */
  public void writeUsers(OutputStream out, BufferAllocator allocator) throws IOException {
    write(
        TableSchema.USERS,
        ResultSql.USERS,
        out,
        allocator,
        (from, to) -> {
          to.setInt(0, from.getInt(1)).setString(1, from.getString(2));
          optionalInt(from, to, 2);
          optionalInt(from, to, 3);
          optionalInt(from, to, 4);
          optionalLong(from, to, 5);
        });
  }

  /** Writes {@link TableSchema#INTERACTIONS}, sorted by user, time, request and position. */
  public void writeInteractions(OutputStream out, BufferAllocator allocator) throws IOException {
    write(
        TableSchema.INTERACTIONS,
        ResultSql.INTERACTIONS,
        out,
        allocator,
        (from, to) -> {
          to.setInt(0, from.getInt(1))
              .setInt(1, from.getInt(2))
              .setInt(2, from.getInt(3))
              .setLong(3, from.getLong(4))
              .setInt(4, from.getInt(5))
              .setInt(5, from.getInt(6))
              .setFloat(6, from.getFloat(7))
              .setFloat(7, from.getFloat(8));
          optionalLong(from, to, 8);
          optionalInt(from, to, 9);
          float propensity = from.getFloat(11);
          if (from.wasNull()) {
            to.setNull(10);
          } else {
            to.setFloat(10, propensity);
          }
          optionalInt(from, to, 11);
        });
  }

  /** Writes {@link TableSchema#ROOM_STATES}; no rows where there are no live rooms. */
  public void writeRoomStates(OutputStream out, BufferAllocator allocator) throws IOException {
    write(
        TableSchema.ROOM_STATES,
        ResultSql.ROOM_STATES,
        out,
        allocator,
        (from, to) ->
            to.setInt(0, from.getInt(1))
                .setLong(1, from.getLong(2))
                .setInts(2, ints(from.getString(3))));
  }

  private static int[] ints(@Nullable String list) {
    return list == null || list.isEmpty()
        ? new int[0]
        : Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
  }

  private static void optionalInt(ResultSet from, TableWriter to, int column) throws SQLException {
    int value = from.getInt(column + 1);
    if (from.wasNull()) {
      to.setNull(column);
    } else {
      to.setInt(column, value);
    }
  }

  private static void optionalLong(ResultSet from, TableWriter to, int column) throws SQLException {
    long value = from.getLong(column + 1);
    if (from.wasNull()) {
      to.setNull(column);
    } else {
      to.setLong(column, value);
    }
  }

  private IOException failed(SQLException e) {
    return new IOException("ingest of " + source.name() + ": " + e.getMessage(), e);
  }

  @Override
  public void close() throws IOException {
    try {
      database.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
