package org.onemall.shop;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.onemall.run.JsonFile;

/**
 * The split of a log by time, in epoch milliseconds. Snapshots are the moments at which counters
 * are frozen: the counters of a snapshot know only events before it. {@code validationFromMs} is
 * one; where {@code testFromMs} is none, the test is judged with what was known before validation.
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
    if (!snapshotsMs.contains(validationFromMs)) {
      throw new IllegalArgumentException(
          "periods: expected validation_from_ms among the snapshots, found " + snapshotsMs);
    }
  }

  /**
   * Splits a log; one that is too short for the config is an error that says so.
   *
   * @param lastMs the last event; of a split by order, the test's own moment
   */
  public static Periods split(long firstMs, long lastMs, SplitConfig config) {
    return switch (config.by()) {
      case TIME -> byTime(firstMs, lastMs, config);
      case LEAVE_ONE_OUT -> leaveOneOut(firstMs, lastMs);
    };
  }

  private static Periods byTime(long firstMs, long lastMs, SplitConfig config) {
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

  /**
   * The split by order, of requests that have a day for each step in place of their own moments,
   * counted from the end: each user's last request is on the last day and the test, the one before
   * it a day earlier and validation, the rest is for training, so that all training comes before
   * any validation. What is known follows from these moments as it does from real ones, but for one
   * thing: no snapshot lies between validation and test, so that nothing fitted or counted knows a
   * validation request; only the history of its own user does. Snapshots stand 0, 1, 3, 7, 15 ...
   * steps before validation, since ever fewer users have requests so far back. Moments and ages are
   * steps: calendar days, weekdays and trends mean nothing.
   */
  private static Periods leaveOneOut(long firstMs, long lastMs) {
    long validationFrom = lastMs - DAY_MS;
    if (firstMs >= validationFrom) {
      throw new IllegalArgumentException(
          "split: leave_one_out expects users with three requests or more (training, validation, test), found none; use by: time, or a longer log");
    }
    List<Long> snapshots = new ArrayList<>();
    long at = validationFrom;
    for (long step = 1; at > firstMs; step *= 2) {
      snapshots.add(at);
      at -= step * DAY_MS;
    }
    Collections.reverse(snapshots);
    return new Periods(firstMs, validationFrom, lastMs, lastMs, snapshots);
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

  /** The moment before which events are known to what is fitted for the requests of a period. */
  public long knownBeforeMs(Period period) {
    return switch (period) {
      case TRAIN, VALIDATION -> validationFromMs;
      case TEST -> snapshotsMs.get(snapshotOf(testFromMs));
    };
  }

  /** Writes the record as JSON; the stream stays the caller's to close. */
  public void write(OutputStream out) throws IOException {
    JsonFile.write(this, out);
  }

  /** Reads what {@link #write} wrote. */
  public static Periods read(Path file) throws IOException {
    return JsonFile.read(file, Periods.class);
  }
}
