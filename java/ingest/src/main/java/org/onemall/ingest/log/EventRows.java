package org.onemall.ingest.log;

import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.onemall.ingest.source.Database;
import org.onemall.ingest.source.RequestRuns;
import org.onemall.shop.Periods;

/**
 * What becomes of the events of a source that has nothing but events, once they lie in the table
 * {@code rows}: {@code user_id, item_id, request_key, time_ms, title, category, shop, price,
 * quantity, behaviors, position_text, reason, example}. Rows with a reason don't count; of the
 * others come requests, users, items and interactions.
 */
public final class EventRows {
  private final Database database;
  private final String source;
  private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
  private final Map<Refusal, String> examples = new EnumMap<>(Refusal.class);
  private long rejectedLines;

  /**
   * No rows yet.
   *
   * @param source what messages call it
   * @param possible reasons that the source knows
   */
  public EventRows(Database database, String source, Set<Refusal> possible) {
    this.database = database;
    this.source = source;
    possible.forEach(reason -> refused.put(reason, 0L));
  }

  /** Counts lines that did not become rows: (reason, count, example). */
  public void reject(String query) throws SQLException, IOException {
    rejectedLines += count(query);
  }

  /** Leaves out rows of items and users that are in too few requests. */
  public void refuseRare(int minimumItemRequests, int minimumUserRequests) throws SQLException {
    if (minimumItemRequests > 1) {
      database.execute(EventSql.refuseRare(Refusal.RARE_ITEM, "item_id", minimumItemRequests));
    }
    if (minimumUserRequests > 1) {
      database.execute(EventSql.refuseRare(Refusal.RARE_USER, "user_id", minimumUserRequests));
    }
  }

  /**
   * Counts what is refused and makes the requests of the rest.
   *
   * @param gapMinutes a longer pause within a request id begins a further request
   * @param toCorrect the settings to look at where too much is broken
   * @throws IOException for no rows, and where more than that share of them is broken
   */
  public void makeRequests(int gapMinutes, double maximumBrokenShare, String toCorrect)
      throws SQLException, IOException {
    count(EventSql.REFUSED);
    checkBroken(maximumBrokenShare, toCorrect);
    database.execute(RequestRuns.runs(EventSql.MOMENTS, gapMinutes));
    database.execute(RequestRuns.REQUESTS);
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

  private void checkBroken(double maximumShare, String toCorrect) throws SQLException, IOException {
    long read = rowsRead();
    if (read == 0) {
      throw new IOException(source + ": a header but no rows");
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
    if (broken > maximumShare * read) {
      throw new IOException(
          "%s: %d of %d rows cannot be read, more than maximum_broken_share %s: %scorrect %s, or the files"
              .formatted(source, broken, read, maximumShare, what, toCorrect));
    }
  }

  /** Gives out the dense ids. */
  public void number(long seed, Periods periods) throws SQLException {
    database.execute(EventSql.users(seed, periods));
    database.execute(EventSql.EVENTS);
    database.execute(EventSql.items(seed, periods));
    database.execute(EventSql.INTERACTIONS);
    database.execute(EventSql.ROOM_STATES);
  }

  /** Rows and rejected lines. */
  public long rowsRead() throws SQLException {
    return database.one("SELECT count(*) FROM rows")[0] + rejectedLines;
  }

  /** Rows and lines that do not count, by reason. */
  public Map<String, Long> refused() {
    Map<String, Long> named = new LinkedHashMap<>();
    refused.forEach((reason, count) -> named.put(reason.key(), count));
    return named;
  }

  /** Rows that repeat an item of their request. */
  public long rowsMerged() throws SQLException {
    return database.one(EventSql.MERGED)[0];
  }
}
