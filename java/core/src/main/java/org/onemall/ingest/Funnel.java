package org.onemall.ingest;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * Where every row of the source went: {@code rows_read} = refused + {@code rows_merged} + {@code
 * interactions}.
 *
 * @param refused rows by reason, every reason there
 * @param rowsMerged rows that repeat an item of their request: quantities and amounts are summed
 * @param amount of all interactions
 * @param oneRequestUsers users with a single request: they train nothing but popularity
 * @param periods counts by period
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
    Map<String, PeriodCounts> periods) {

  /** What happened in one period; {@code newItems} and {@code newUsers} were not seen before it. */
  public record PeriodCounts(
      long requests, long interactions, long users, long newUsers, long newItems) {}

  /** Writes the record as JSON; the stream stays the caller's to close. */
  public void write(OutputStream out) throws IOException {
    out.write(
        JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsBytes(this));
  }
}
