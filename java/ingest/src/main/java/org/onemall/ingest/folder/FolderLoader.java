package org.onemall.ingest.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.source.Database;
import org.onemall.shop.Behavior;
import org.onemall.shop.Scenario;
import org.onemall.table.TableSchema;

/**
 * Reads the files of a source folder row by row into a database, and checks all that can be seen of
 * one row alone; what needs others is left to {@link FolderSql}.
 */
final class FolderLoader {
  private static final Set<String> SCENARIOS =
      Stream.of(Scenario.values()).map(Scenario::key).collect(Collectors.toUnmodifiableSet());
  private static final String LIVE = Scenario.LIVE_STREAMING.key();
  private static final int BEHAVIORS =
      Stream.of(Behavior.values()).mapToInt(Behavior::bit).reduce(0, (a, b) -> a | b);

  /** The year 2242: times are milliseconds, and not micro- or nanoseconds. */
  private static final long LATEST_MS = 1L << 43;

  private static final double LARGEST_AMOUNT = 1e12;

  private final Database database;
  private final BufferAllocator allocator;
  private final DefectCounts defects;
  private final TextCleaner texts;

  FolderLoader(Database database, BufferAllocator allocator, DefectCounts defects) {
    this.database = database;
    this.allocator = allocator;
    this.defects = defects;
    this.texts = new TextCleaner(defects);
  }

  /** Appends one row, or counts why not. */
  @FunctionalInterface
  private interface Copy {
    void copy(RowReader from, DuckDBAppender to) throws SQLException;
  }

  private void read(TableSchema table, List<Path> files, String into, Copy copy)
      throws IOException, SQLException {
    try (DuckDBAppender to = database.appender(into)) {
      for (Path file : files) {
        try (RowReader rows = RowReader.open(table, file, database, allocator)) {
          while (rows.next()) {
            defects.read(table);
            copy.copy(rows, to);
          }
        }
      }
    }
  }

  /** All files, into the tables of {@link FolderSql#CREATE}. */
  void read(FolderFiles files) throws IOException, SQLException {
    for (String create : FolderSql.CREATE) {
      database.execute(create);
    }
    read(TableSchema.ITEMS, List.of(files.items()), "item_rows", this::item);
    read(TableSchema.USERS, List.of(files.users()), "user_rows", this::user);
    read(TableSchema.INTERACTIONS, files.interactions(), "event_rows", this::event);
    read(TableSchema.ROOM_STATES, files.roomStates(), "state_rows", this::state);
  }

  private void item(RowReader from, DuckDBAppender to) throws SQLException {
    long key = id(from, 0);
    String external = text(from, 1);
    String scenario = text(from, 2);
    if (key < 0) {
      defects.one(Defect.ITEMS__BROKEN_ID, external);
    } else if (external == null) {
      defects.one(Defect.ITEMS__MISSING_EXTERNAL_ID, "item " + key);
    } else if (scenario == null || !SCENARIOS.contains(scenario)) {
      defects.one(Defect.ITEMS__UNKNOWN_SCENARIO, "'" + scenario + "' of item " + key);
    } else {
      boolean video = scenario.equals(Scenario.SHORT_VIDEO.key());
      to.beginRow().append(key).append(external).append(scenario);
      describe(from, to);
      Long product = from.isNull(10) ? null : (Long) from.whole(10);
      if (product != null && !video && product != key) {
        defects.one(Defect.ITEMS__MISPLACED_PRODUCT, "item " + key);
      }
      to.append(video ? product : null).append(pictures(from, scenario.equals(LIVE)));
      availability(from, to);
      to.endRow();
    }
  }

  /** Title, category, price, shop and spoken or written words. */
  private void describe(RowReader from, DuckDBAppender to) throws SQLException {
    String title = text(from, 3);
    if (title == null) {
      defects.one(Defect.ITEMS__MISSING_TITLE, null);
    }
    String category = text(from, 4);
    if (category == null || (category + "/").contains("//") || category.startsWith("/")) {
      defects.one(Defect.ITEMS__UNKNOWN_CATEGORY, null);
      category = null;
    }
    double price = from.isNull(5) ? -1 : from.number(5);
    if (!isAmount(price)) {
      defects.one(Defect.ITEMS__BROKEN_PRICE, null);
      price = 0;
    }
    to.append(title == null ? "" : title).append(category).append((float) price);
    to.append(text(from, 6)).append(text(from, 8)).append(text(from, 9));
  }

  /** One path a line; null for none. */
  private @Nullable String pictures(RowReader from, boolean room) throws SQLException {
    List<String> kept = new ArrayList<>();
    for (String path : from.isNull(11) ? List.<String>of() : from.texts(11)) {
      if (isInside(path)) {
        kept.add(path);
      } else {
        defects.one(Defect.ITEMS__BROKEN_PICTURE_PATH, path);
      }
    }
    if (kept.isEmpty() && !room) {
      defects.one(Defect.ITEMS__MISSING_PICTURE, null);
    }
    return kept.isEmpty() ? null : String.join("\n", kept);
  }

  private static boolean isInside(String path) {
    boolean clean =
        !path.isBlank()
            && path.length() <= 1024
            && path.chars().noneMatch(c -> c < ' ' || c == '\\' || c == ':' || c == '\uFFFD');
    return clean && !path.startsWith("/") && !List.of(path.split("/")).contains("..");
  }

  private void availability(RowReader from, DuckDBAppender to) throws SQLException {
    Long start = from.isNull(12) ? null : (Long) from.whole(12);
    Long end = from.isNull(13) ? null : (Long) from.whole(13);
    if (start != null && end != null && end < start) {
      defects.one(Defect.ITEMS__BROKEN_AVAILABILITY, null);
      end = start;
    }
    to.append(start).append(end);
  }

  private void user(RowReader from, DuckDBAppender to) throws SQLException {
    long key = id(from, 0);
    String external = text(from, 1);
    if (key < 0) {
      defects.one(Defect.USERS__BROKEN_ID, external);
    } else if (external == null) {
      defects.one(Defect.USERS__MISSING_EXTERNAL_ID, "user " + key);
    } else {
      to.beginRow().append(key).append(external);
      for (int column = 2; column < 5; column++) {
        to.append(from.isNull(column) ? null : (Integer) (int) from.whole(column));
      }
      to.append(from.isNull(5) ? null : (Long) from.whole(5)).endRow();
    }
  }

  private void event(RowReader from, DuckDBAppender to) throws SQLException {
    long request = from.isNull(0) ? -1 : from.whole(0);
    long time = from.isNull(3) ? -1 : from.whole(3);
    long position = id(from, 4);
    long behaviors = id(from, 5);
    if (request < 0) {
      defects.one(Defect.INTERACTIONS__MISSING_REQUEST, request);
    } else if (time < 0 || time > LATEST_MS) {
      defects.one(Defect.INTERACTIONS__BROKEN_TIME, time + " of request " + request);
    } else if (position < 0) {
      defects.one(Defect.INTERACTIONS__BROKEN_POSITION, "request " + request);
    } else if (behaviors <= 0 || (behaviors & ~BEHAVIORS) != 0) {
      defects.one(Defect.INTERACTIONS__UNKNOWN_BEHAVIOR, behaviors + " of request " + request);
    } else {
      to.beginRow().append(request).append(id(from, 1)).append(id(from, 2)).append(time);
      to.append((int) position).append((int) behaviors);
      to.append(amount(from, 6, Defect.INTERACTIONS__BROKEN_QUANTITY));
      to.append(amount(from, 7, Defect.INTERACTIONS__BROKEN_AMOUNT));
      details(from, time, to);
      to.endRow();
    }
  }

  private float amount(RowReader from, int column, Defect defect) throws SQLException {
    if (from.isNull(column)) {
      return 0;
    }
    double amount = from.number(column);
    if (!isAmount(amount)) {
      defects.one(defect, amount);
      return 0;
    }
    return (float) amount;
  }

  private static boolean isAmount(double amount) {
    return amount >= 0 && amount <= LARGEST_AMOUNT;
  }

  /** When it was seen, how long, how likely that was, and what product it is about. */
  private void details(RowReader from, long time, DuckDBAppender to) throws SQLException {
    Long seen = from.isNull(8) ? null : (Long) from.whole(8);
    if (seen != null && (seen < time || seen > LATEST_MS)) {
      defects.one(Defect.INTERACTIONS__EVENT_BEFORE_REQUEST, seen);
      seen = null;
    }
    Integer watched = from.isNull(9) ? null : (Integer) (int) id(from, 9);
    if (watched != null && watched < 0) {
      defects.one(Defect.INTERACTIONS__BROKEN_WATCH, from.whole(9));
      watched = null;
    }
    Float propensity = from.isNull(10) ? null : (Float) (float) from.number(10);
    if (propensity != null && !(propensity > 0 && propensity <= 1)) {
      defects.one(Defect.INTERACTIONS__BROKEN_PROPENSITY, propensity);
      propensity = null;
    }
    to.append(seen).append(watched).append(propensity);
    to.append(from.isNull(11) ? null : (Long) from.whole(11));
  }

  private void state(RowReader from, DuckDBAppender to) throws SQLException {
    long time = from.isNull(1) ? -1 : from.whole(1);
    if (time < 0 || time > LATEST_MS) {
      defects.one(Defect.ROOM_STATES__BROKEN_TIME, time);
    } else {
      to.beginRow().append(defects.rows(TableSchema.ROOM_STATES)).append(id(from, 0)).append(time);
      to.append(from.isNull(2) ? new long[0] : from.wholes(2)).endRow();
    }
  }

  /** A whole number of at most 31 bits; -1 for any other. */
  private static long id(RowReader from, int column) throws SQLException {
    long id = from.isNull(column) ? -1 : from.whole(column);
    return id < 0 || id > Integer.MAX_VALUE ? -1 : id;
  }

  /** The text without what harms; null for an empty one. */
  private @Nullable String text(RowReader from, int column) throws SQLException {
    String text = from.isNull(column) ? "" : texts.clean(from.text(column));
    return text.isEmpty() ? null : text;
  }
}
