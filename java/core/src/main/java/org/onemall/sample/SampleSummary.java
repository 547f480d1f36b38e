package org.onemall.sample;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * How many requests there are to learn from and to measure on.
 *
 * @param periods by the name of the period
 */
public record SampleSummary(Map<String, Counts> periods) {
  /** Counts of one period. */
  public record Counts(long requests, long targets, long users) {}

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
