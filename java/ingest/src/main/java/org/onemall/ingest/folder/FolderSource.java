package org.onemall.ingest.folder;

import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.ingest.folder.Defect.Outcome;
import org.onemall.ingest.source.Database;
import org.onemall.ingest.source.RequestRuns;
import org.onemall.ingest.source.Source;
import org.onemall.ingest.source.TableCounts;
import org.onemall.shop.Periods;
import org.onemall.shop.SplitConfig;
import org.onemall.table.TableSchema;

/** A source folder: catalogue, users, events and room states in tables of their own. */
public final class FolderSource implements Source {
  private final FolderFiles files;
  private final int minimumUserRequests;
  private final int requestGapMinutes;
  private final double maximumBrokenShare;
  private final Database database;
  private final BufferAllocator allocator;
  private final DefectCounts defects = new DefectCounts();

  public FolderSource(
      FolderFiles files,
      int minimumUserRequests,
      int requestGapMinutes,
      double maximumBrokenShare,
      Database database,
      BufferAllocator allocator) {
    this.files = files;
    this.minimumUserRequests = minimumUserRequests;
    this.requestGapMinutes = requestGapMinutes;
    this.maximumBrokenShare = maximumBrokenShare;
    this.database = database;
    this.allocator = allocator;
  }

  @Override
  public String name() {
    return files.folder().toString();
  }

  /** Its rooms and availabilities have moments, which an order of requests would contradict. */
  @Override
  public Set<SplitConfig.By> splits() {
    return EnumSet.of(SplitConfig.By.TIME);
  }

  @Override
  public void read() throws SQLException, IOException {
    new FolderLoader(database, allocator, defects).read(files);
    keepFirst(
        "item",
        FolderSql.ITEM_ORDER,
        "scenario, external_id",
        Defect.ITEMS__DUPLICATE_ID,
        Defect.ITEMS__DUPLICATE_EXTERNAL_ID);
    check(TableSchema.ITEMS, "items");
    keepFirst(
        "user",
        FolderSql.USER_ORDER,
        "external_id",
        Defect.USERS__DUPLICATE_ID,
        Defect.USERS__DUPLICATE_EXTERNAL_ID);
    check(TableSchema.USERS, "users");
    database.execute(FolderSql.REPEATED_PLACES);
    database.execute(FolderSql.EVENTS);
    database.execute(FolderSql.DROP_ROWS);
    if (minimumUserRequests > 1) {
      database.execute(FolderSql.refuseRare(minimumUserRequests));
    }
    countReasons(TableSchema.INTERACTIONS, FolderSql.REFUSED);
    check(TableSchema.INTERACTIONS, "interactions");
    database.execute(RequestRuns.runs(FolderSql.MOMENTS, requestGapMinutes));
    database.execute(RequestRuns.REQUESTS);
    defects.add(Defect.INTERACTIONS__TIME_OUT_OF_ORDER, database.one(FolderSql.OUT_OF_ORDER)[0]);
  }

  /** From {@code <what>_rows} to {@code known_<what>s}, where keys and external ids are unique. */
  private void keepFirst(
      String what, String order, String external, Defect sameKey, Defect sameExternal)
      throws SQLException {
    String rows = what + "_rows";
    String unique = "unique_" + what + "s";
    String known = "known_" + what + "s";
    String key = what + "_key";
    database.execute(FolderSql.first(rows, unique, key, order));
    database.execute(FolderSql.first(unique, known, external, key));
    defects.add(sameKey, size(rows) - size(unique));
    defects.add(sameExternal, size(unique) - size(known));
    database.execute("DROP TABLE " + rows);
    database.execute("DROP TABLE " + unique);
  }

  private long size(String table) throws SQLException {
    return database.one("SELECT count(*) FROM " + table)[0];
  }

  private void countReasons(TableSchema table, String query) throws SQLException, IOException {
    database.each(query, row -> defects.add(Defect.of(table, row.getString(1)), row.getLong(2)));
  }

  private void check(TableSchema table, String file) throws IOException {
    if (defects.rows(table) == 0) {
      throw new IOException("%s, %s: there are no rows".formatted(files.folder(), file));
    }
    defects.check(table, maximumBrokenShare, files.folder() + ", " + file);
  }

  @Override
  public void number(long seed, Periods periods) throws SQLException, IOException {
    database.execute(FolderSql.users(seed, periods));
    defects.add(Defect.USERS__RARE_USER, size("known_users") - size("users"));
    database.execute(FolderSql.numberedItems(seed, periods));
    database.execute(FolderSql.ITEMS);
    database.execute(FolderSql.INTERACTIONS);
    database.execute(FolderSql.STATES);
    countReasons(TableSchema.ROOM_STATES, FolderSql.REFUSED_STATES);
    defects.check(TableSchema.ROOM_STATES, maximumBrokenShare, files.folder() + ", room_states");
    database.execute(FolderSql.ROOM_STATES);
    defects.add(
        Defect.ITEMS__UNKNOWN_PRODUCT, database.one(FolderSql.UNKNOWN_PRODUCTS_OF_ITEMS)[0]);
    defects.add(
        Defect.INTERACTIONS__UNKNOWN_PRODUCT,
        database.one(FolderSql.UNKNOWN_PRODUCTS_OF_EVENTS)[0]);
    long[] rooms = database.one(FolderSql.ROOMS_AMISS);
    defects.add(Defect.ROOM_STATES__UNKNOWN_PRODUCT, rooms[0]);
    defects.add(Defect.ROOM_STATES__NOTHING_ON_SALE, rooms[1]);
    defects.add(Defect.ITEMS__NEVER_ON_AIR, rooms[2]);
  }

  @Override
  public long rowsRead() {
    return defects.rows(TableSchema.INTERACTIONS);
  }

  @Override
  public Map<String, Long> refused() {
    Map<String, Long> refused =
        new LinkedHashMap<>(defects.of(TableSchema.INTERACTIONS, Outcome.REFUSED));
    refused.putAll(defects.of(TableSchema.INTERACTIONS, Outcome.LEFT_OUT));
    return refused;
  }

  @Override
  public long rowsMerged() {
    return 0;
  }

  @Override
  public Map<String, TableCounts> tables() {
    Map<String, TableCounts> tables = new LinkedHashMap<>();
    for (TableSchema table :
        new TableSchema[] {
          TableSchema.ITEMS, TableSchema.USERS, TableSchema.INTERACTIONS, TableSchema.ROOM_STATES
        }) {
      tables.put(table.table(), defects.table(table));
    }
    return tables;
  }
}
