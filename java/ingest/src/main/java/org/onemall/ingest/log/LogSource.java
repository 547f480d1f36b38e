package org.onemall.ingest.log;

import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import org.onemall.ingest.source.CheckedFiles;
import org.onemall.ingest.source.Database;
import org.onemall.ingest.source.FileTable;
import org.onemall.shop.SplitConfig;

/** A log of events: the catalogue is what they tell of their items. */
public final class LogSource extends EventSource {
  private final LogConfig config;
  private final CheckedFiles files;
  private final Database database;

  /** Reads nothing yet. */
  public LogSource(LogConfig config, CheckedFiles files, Database database) {
    super(new EventRows(database, config.paths().toString(), EnumSet.allOf(Refusal.class)));
    this.config = config;
    this.files = files;
    this.database = database;
  }

  @Override
  public String name() {
    return config.paths().toString();
  }

  @Override
  public Set<SplitConfig.By> splits() {
    return EnumSet.of(SplitConfig.By.TIME, SplitConfig.By.LEAVE_ONE_OUT);
  }

  @Override
  public void read() throws SQLException, IOException {
    FileTable.check(database, files, config.columns().names(), "ingest.columns");
    database.execute(new LogSql(config).rows(files));
    if (files.format() == CheckedFiles.Format.CSV) {
      rows.reject(FileTable.REJECTED);
    }
    rows.refuseRare(config.minimumItemRequests(), config.minimumUserRequests());
    rows.makeRequests(
        config.requestGapMinutes(),
        config.maximumBrokenShare(),
        "ingest.columns, time_unit and time_format");
  }
}
