package org.onemall.ingest.log;

import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.source.Source;
import org.onemall.ingest.source.TableCounts;
import org.onemall.shop.Periods;

/** A source that has nothing but events. */
public abstract class EventSource implements Source {
  protected final EventRows rows;

  protected EventSource(EventRows rows) {
    this.rows = rows;
  }

  @Override
  public final void number(long seed, Periods periods) throws SQLException {
    rows.number(seed, periods);
  }

  @Override
  public final long rowsRead() throws SQLException {
    return rows.rowsRead();
  }

  @Override
  public final Map<String, Long> refused() {
    return rows.refused();
  }

  @Override
  public final long rowsMerged() throws SQLException {
    return rows.rowsMerged();
  }

  @Override
  public final @Nullable Map<String, TableCounts> tables() {
    return null;
  }
}
