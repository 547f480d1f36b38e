package org.onemall.ingest.log;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.source.CheckedFiles;
import org.onemall.ingest.source.Database;
import org.onemall.ingest.source.Source;
import org.onemall.ingest.source.TableCounts;
import org.onemall.shop.Periods;

/** A log of events: the catalogue is what they tell of their items. */
public final class LogSource implements Source {
  private final LogConfig config;
  private final LogSql sql;
  private final Database database;
  private final CheckedFiles files;
  private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
  private final Map<Refusal, String> examples = new EnumMap<>(Refusal.class);
  private long rejectedLines;

  public LogSource(LogConfig config, CheckedFiles files, Database database) {
    this.config = config;
    this.sql = new LogSql(config);
    this.database = database;
    this.files = files;
  }

  @Override
  public String name() {
    return config.paths().toString();
  }

  @Override
  public void read() throws SQLException, IOException {
    checkColumns();
    for (Refusal reason : Refusal.values()) {
      refused.put(reason, 0L);
    }
    database.execute(sql.rows(files));
    if (files.format() == CheckedFiles.Format.CSV) {
      rejectedLines = count(LogSql.REJECTED);
    }
    if (config.minimumItemRequests() > 1) {
      database.execute(
          LogSql.refuseRare(Refusal.RARE_ITEM, "item_id", config.minimumItemRequests()));
    }
    if (config.minimumUserRequests() > 1) {
      database.execute(
          LogSql.refuseRare(Refusal.RARE_USER, "user_id", config.minimumUserRequests()));
    }
    count(LogSql.REFUSED);
    checkBroken(rowsRead());
    database.execute(LogSql.REQUESTS);
  }

  private void checkColumns() throws SQLException, IOException {
    List<String> found = new ArrayList<>(files.header());
    if (files.format() != CheckedFiles.Format.CSV) {
      database.each(LogSql.describe(files), row -> found.add(row.getString(1)));
    }
    List<String> missing = new ArrayList<>(config.columns().names());
    missing.removeAll(found);
    if (!missing.isEmpty()) {
      throw new IOException(
          "%s: no column %s, found the columns %s; correct ingest.columns"
              .formatted(files.paths().getFirst(), missing, found));
    }
  }

  /** Adds rows of (reason, count, example) to what is refused; returns the sum of the counts. */
  private long count(String query) throws SQLException, IOException {
    long[] sum = {0};
    database.each(
        query,
        row -> {
          Refusal reason = Refusal.of(row.getString(1));
          long count = row.getLong(2);
          refused.merge(reason, count, Long::sum);
          String example = row.getString(3);
          if (count > 0 && example != null) {
            examples.merge(reason, "'" + example.strip() + "'", (first, next) -> first);
          }
          sum[0] += count;
        });
    return sum[0];
  }

  private void checkBroken(long read) throws IOException {
    if (read == 0) {
      throw new IOException(config.paths() + ": a header but no rows");
    }
    long broken = 0;
    StringBuilder what = new StringBuilder();
    for (Map.Entry<Refusal, Long> entry : refused.entrySet()) {
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

  @Override
  public void number(long seed, Periods periods) throws SQLException {
    database.execute(LogSql.users(seed, periods));
    database.execute(LogSql.EVENTS);
    database.execute(LogSql.items(seed, periods));
    database.execute(LogSql.INTERACTIONS);
    database.execute(LogSql.ROOM_STATES);
  }

  @Override
  public long rowsRead() throws SQLException {
    return database.one("SELECT count(*) FROM rows")[0] + rejectedLines;
  }

  @Override
  public Map<String, Long> refused() {
    Map<String, Long> named = new LinkedHashMap<>();
    refused.forEach((reason, count) -> named.put(reason.key(), count));
    return named;
  }

  @Override
  public long rowsMerged() throws SQLException {
    return database.one(LogSql.MERGED)[0];
  }

  @Override
  public @Nullable Map<String, TableCounts> tables() {
    return null;
  }
}
