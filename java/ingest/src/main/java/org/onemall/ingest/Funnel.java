package org.onemall.ingest;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.source.TableCounts;
import org.onemall.run.JsonFile;

/**
 * Where every row of the source went: {@code rows_read} = refused + {@code rows_merged} + {@code
 * interactions}.
 *
 * @param rowsRead events
 * @param refused events by reason, every reason there
 * @param rowsMerged rows that repeat an item of their request: quantities and amounts are summed
 * @param amount of all interactions
 * @param oneRequestUsers users with a single request: they train nothing but popularity
 * @param requestsSplit those among them that go on with the id of an earlier one: a later moment,
 *     such as an order days after its click
 * @param periods counts by period
 * @param tables of a source folder: what happened to the rows of each; null for a log
 * @param scenarios of a source folder: what there is of each; null for a log
 */
public record Funnel(
    long rowsRead,
    Map<String, Long> refused,
    long rowsMerged,
    long interactions,
    double amount,
    long items,
    long users,
    long oneRequestUsers,
    long requests,
    long requestsSplit,
    Map<String, PeriodCounts> periods,
    @Nullable Map<String, TableCounts> tables,
    @Nullable Map<String, ScenarioCounts> scenarios) {

  /** What happened in one period; {@code newItems} and {@code newUsers} were not seen before it. */
  public record PeriodCounts(
      long requests, long interactions, long users, long newUsers, long newItems) {}

  /**
   * What there is of a scenario.
   *
   * @param neverExposed items that nobody saw
   * @param entertainment videos that sell no product of the catalogue
   */
  public record ScenarioCounts(
      long items,
      long neverExposed,
      long entertainment,
      long exposures,
      long clicks,
      long longViews,
      long carts,
      long buys,
      double amount) {}

  /** Writes the record as JSON; the stream stays the caller's to close. */
  public void write(OutputStream out) throws IOException {
    JsonFile.write(this, out);
  }
}
