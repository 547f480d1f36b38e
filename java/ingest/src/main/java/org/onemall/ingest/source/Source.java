package org.onemall.ingest.source;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.onemall.shop.Periods;
import org.onemall.shop.SplitConfig;

/**
 * Where the rows come from. It fills the tables of a {@link Database} that {@code Ingest} writes
 * out: {@code requests}, {@code users}, {@code items}, {@code interactions}, {@code room_states}.
 */
public interface Source {
  /** What it is called in messages. */
  String name();

  /** The splits that its times are good for. */
  Set<SplitConfig.By> splits();

  /**
   * Reads and checks every row; then there are {@code requests}.
   *
   * @throws IOException for what cannot be read, and where too much is broken
   */
  void read() throws SQLException, IOException;

  /** Gives out the dense ids; then there are the other tables. */
  void number(long seed, Periods periods) throws SQLException, IOException;

  /** How many events were read. */
  long rowsRead() throws SQLException;

  /** Events that do not count, by reason. */
  Map<String, Long> refused();

  /** Events that became part of another's row. */
  long rowsMerged() throws SQLException;

  /** What happened to the rows of each table of a source folder; null for a log. */
  @Nullable Map<String, TableCounts> tables();
}
