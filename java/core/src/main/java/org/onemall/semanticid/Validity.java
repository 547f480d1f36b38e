package org.onemall.semanticid;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.run.Artefact;
import org.onemall.run.Artefacts;
import org.onemall.shop.RoomStates;
import org.onemall.shop.Scenario;
import org.onemall.table.TimedVectors;

/**
 * When the rows of item vectors hold: row r is what item r was in {@code [from, until)}. Sorted by
 * item and moment.
 *
 * @param untilMs {@link Long#MAX_VALUE} where nothing came after
 */
@SuppressWarnings("ArrayRecordComponent")
public record Validity(int[] item, long[] fromMs, long[] untilMs) {
  static final long HOUR_MS = 3_600_000;

  /** Of items that never change. */
  public static Validity always(int[] item) {
    long[] from = new long[item.length];
    long[] until = new long[item.length];
    Arrays.fill(from, Long.MIN_VALUE);
    Arrays.fill(until, Long.MAX_VALUE);
    return new Validity(item, from, until);
  }

  /** Of a scenario's item vectors: a room's holds until its next state, others for ever. */
  public static Validity read(
      Artefacts run, Scenario scenario, TimedVectors rows, BufferAllocator allocator)
      throws IOException {
    return switch (scenario) {
      case PRODUCT_CARD, SHORT_VIDEO -> always(rows.item());
      case LIVE_STREAMING -> {
        RoomStates states = RoomStates.read(run.file(Artefact.ROOM_STATES), allocator);
        long[] until = new long[rows.rows()];
        Arrays.setAll(
            until, row -> states.untilMs(states.at(rows.item()[row], rows.validFromMs()[row])));
        yield new Validity(rows.item(), rows.validFromMs(), until);
      }
    };
  }

  /** Number of rows. */
  public int rows() {
    return item.length;
  }

  /** Whether the row doesn't follow right after another one of its item: a room went on air. */
  boolean begins(int row) {
    return row == 0 || item[row] != item[row - 1] || fromMs[row] != untilMs[row - 1];
  }

  /** The rows that hold at a moment, ascending. */
  public int[] at(long timeMs) {
    return IntStream.range(0, rows())
        .filter(row -> fromMs[row] <= timeMs && timeMs < untilMs[row])
        .toArray();
  }

  /** The row of an item that holds at a moment; -1 for none. */
  public int at(int wanted, long timeMs) {
    int low = 0;
    int high = rows();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (item[middle] > wanted || (item[middle] == wanted && fromMs[middle] > timeMs)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    boolean holds = low > 0 && item[low - 1] == wanted && timeMs < untilMs[low - 1];
    return holds ? low - 1 : -1;
  }

  /** Hears of a row that holds at a full hour. */
  @FunctionalInterface
  interface HourSink {
    void accept(int row, long hour);
  }

  /** Hands over every row with every full hour of a log (since 1970) at which it holds. */
  void hours(long firstMs, long lastMs, HourSink sink) {
    for (int row = 0; row < rows(); row++) {
      long start = Math.max(firstMs, fromMs[row]);
      long end = Math.min(lastMs + 1, untilMs[row]);
      for (long hour = Math.ceilDiv(start, HOUR_MS); hour * HOUR_MS < end; hour++) {
        sink.accept(row, hour);
      }
    }
  }

  /**
   * The full hour of a log at which most rows hold, the first of those; {@code firstMs} where there
   * is none.
   */
  public long busiest(long firstMs, long lastMs) {
    long first = Math.ceilDiv(firstMs, HOUR_MS);
    int[] counts = new int[Math.toIntExact(Math.max(0, lastMs / HOUR_MS - first + 1))];
    hours(firstMs, lastMs, (row, hour) -> counts[Math.toIntExact(hour - first)]++);
    int best = -1;
    for (int i = 0; i < counts.length; i++) {
      best = counts[i] > (best < 0 ? 0 : counts[best]) ? i : best;
    }
    return best < 0 ? firstMs : (first + best) * HOUR_MS;
  }
}
