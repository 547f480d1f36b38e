package org.onemall.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.onemall.run.JsonFile;
import org.onemall.shop.Behavior;

/**
 * How many requests there are to learn from and to measure on.
 *
 * @param periods by the name of the period
 * @param dropped by reason, events of the target behavior with this scenario's items that are no
 *     targets
 */
public record SampleSummary(Map<String, Counts> periods, SortedMap<String, Long> dropped) {
  /** Counts of one period. */
  public record Counts(long requests, long targets, long users) {}

  /** Why an event is no target; null for those that are, and for other scenarios' items. */
  @FunctionalInterface
  public interface Reason {
    @Nullable String of(int item, long timeMs);
  }

  /** Counts the events of a behavior that are no targets. */
  public static SortedMap<String, Long> dropped(History history, Behavior behavior, Reason reason) {
    SortedMap<String, Long> counts = new TreeMap<>();
    for (long row = 0; row < history.rows(); row++) {
      if ((history.behaviors(row) & behavior.bit()) != 0) {
        @Nullable String found = reason.of(history.item(row), history.timeMs(row));
        if (found != null) {
          counts.merge(found, 1L, Long::sum);
        }
      }
    }
    return counts;
  }

  /** Writes the record as JSON; the stream stays the caller's to close. */
  public void write(OutputStream out) throws IOException {
    JsonFile.write(this, out);
  }
}
