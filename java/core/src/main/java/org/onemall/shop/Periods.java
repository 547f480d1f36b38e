package org.onemall.shop;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The split of a log by time, in epoch milliseconds. Snapshots are the moments at which counters
 * are frozen: the counters of a snapshot know only events before it. {@code validationFromMs} and
 * {@code testFromMs} are both snapshots.
 *
 * @param firstMs the first event
 * @param validationFromMs where validation starts, inclusive
 * @param testFromMs where the test starts, inclusive
 * @param lastMs the last event
 * @param snapshotsMs ascending
 */
public record Periods(
    long firstMs, long validationFromMs, long testFromMs, long lastMs, List<Long> snapshotsMs) {
  /** Milliseconds of a day. */
  public static final long DAY_MS = 86_400_000L;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  public Periods {
    snapshotsMs = List.copyOf(snapshotsMs);
    if (firstMs >= validationFromMs || validationFromMs >= testFromMs || testFromMs > lastMs) {
      throw new IllegalArgumentException(
          "periods: expected first < validation < test <= last, found %d, %d, %d, %d"
              .formatted(firstMs, validationFromMs, testFromMs, lastMs));
    }
    for (int s = 1; s < snapshotsMs.size(); s++) {
      if (snapshotsMs.get(s) <= snapshotsMs.get(s - 1)) {
        throw new IllegalArgumentException(
            "periods: expected ascending snapshots_ms, found " + snapshotsMs);
      }
    }
    if (!snapshotsMs.contains(validationFromMs) || !snapshotsMs.contains(testFromMs)) {
      throw new IllegalArgumentException(
          "periods: expected validation_from_ms and test_from_ms among the snapshots, found "
              + snapshotsMs);
    }
  }

  /** Splits a log; one that is too short for the config is an error that says so. */
  public static Periods split(long firstMs, long lastMs, SplitConfig config) {
    double days = (lastMs - firstMs) / (double) DAY_MS;
    long testFrom = lastMs - config.testDays(days) * DAY_MS;
    long validationFrom = testFrom - config.validationDays(days) * DAY_MS;
    if (firstMs >= validationFrom) {
      throw new IllegalArgumentException(
          "split: expected more than %d days of events (validation_days + test_days), found %.1f; shorten the periods"
              .formatted(config.validationDays(days) + config.testDays(days), days));
    }
    List<Long> snapshots = new ArrayList<>();
    for (long at = testFrom; at > firstMs; at -= config.snapshotDays(days) * DAY_MS) {
      snapshots.add(at);
    }
    Collections.reverse(snapshots);
    return new Periods(firstMs, validationFrom, testFrom, lastMs, snapshots);
  }

  /** Number of snapshots. */
  public int snapshots() {
    return snapshotsMs.size();
  }

  /** The period that a moment belongs to. */
  public Period periodOf(long timeMs) {
    if (timeMs >= testFromMs) {
      return Period.TEST;
    }
    return timeMs >= validationFromMs ? Period.VALIDATION : Period.TRAIN;
  }

  /**
   * The snapshot whose counters a request may use: where its period starts for validation and test,
   * else the latest one not after it; -1 (empty counters) where there is none yet.
   */
  public int snapshotOf(long timeMs) {
    long at =
        switch (periodOf(timeMs)) {
          case TRAIN -> timeMs;
          case VALIDATION -> validationFromMs;
          case TEST -> testFromMs;
        };
    int found = Collections.binarySearch(snapshotsMs, at);
    return found >= 0 ? found : -found - 2;
  }

  /** Writes the record as JSON; the stream stays the caller's to close. */
  public void write(OutputStream out) throws IOException {
    out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
  }

  /** Reads what {@link #write} wrote. */
  public static Periods read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), Periods.class);
  }
}
