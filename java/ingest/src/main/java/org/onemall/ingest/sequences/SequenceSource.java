package org.onemall.ingest.sequences;

import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.onemall.ingest.log.EventRows;
import org.onemall.ingest.log.EventSource;
import org.onemall.ingest.log.Refusal;
import org.onemall.ingest.source.CheckedFiles;
import org.onemall.ingest.source.Database;
import org.onemall.ingest.source.FileTable;
import org.onemall.shop.SplitConfig;

/** Users and their items in order: each place of a sequence is a request with one purchase. */
public final class SequenceSource extends EventSource {
  private final SequencesConfig config;
  private final int minimumUserRequests;
  private final int minimumItemRequests;
  private final double maximumBrokenShare;
  private final Database database;

  /** Reads nothing yet. */
  public SequenceSource(
      SequencesConfig config,
      int minimumUserRequests,
      int minimumItemRequests,
      double maximumBrokenShare,
      Database database) {
    super(
        new EventRows(
            database,
            config.path().toString(),
            EnumSet.of(
                Refusal.UNPARSABLE_LINE,
                Refusal.MISSING_USER,
                Refusal.MISSING_ITEM,
                Refusal.RARE_ITEM,
                Refusal.RARE_USER)));
    this.config = config;
    this.minimumUserRequests = minimumUserRequests;
    this.minimumItemRequests = minimumItemRequests;
    this.maximumBrokenShare = maximumBrokenShare;
    this.database = database;
  }

  @Override
  public String name() {
    return config.path().toString();
  }

  @Override
  public Set<SplitConfig.By> splits() {
    return EnumSet.of(SplitConfig.By.LEAVE_ONE_OUT);
  }

  @Override
  public void read() throws SQLException, IOException {
    CheckedFiles.checkText(config.path());
    database.execute(SequenceSql.lines(config.path()));
    rows.reject(FileTable.REJECTED);
    database.each(
        SequenceSql.REPEATED_USERS,
        row -> {
          if (row.getLong(1) > 0) {
            throw new IOException(
                "%s: expected one line a user, with all its items in order; found %d users on several, such as '%s'; join their lines"
                    .formatted(config.path(), row.getLong(1), row.getString(2)));
          }
        });
    readCatalogue();
    database.execute(SequenceSql.ROWS);
    rows.refuseRare(minimumItemRequests, minimumUserRequests);
    // A place of a sequence is a request of one moment: no pause can part it.
    rows.makeRequests(1, maximumBrokenShare, "ingest.sequences.path");
  }

  private void readCatalogue() throws SQLException, IOException {
    if (config.catalogue() == null) {
      database.execute(SequenceSql.NO_CATALOGUE);
    } else {
      CheckedFiles files = CheckedFiles.check(List.of(config.catalogue()));
      FileTable.check(database, files, config.columns(), "ingest.sequences");
      database.execute(SequenceSql.catalogue(files, config));
    }
  }
}
