package org.onemall.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.onemall.offer.Offer;
import org.onemall.shop.Behavior;
import org.onemall.shop.Period;
import org.onemall.shop.Periods;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * Requests with their targets in off-heap columns, in time order. A request is there if its user
 * did the target behavior to at least one of its items that was on offer then and, outside the
 * training period, had at least one request before: first requests teach what newcomers take, but
 * are not judged. The history of a request ends before its own first row. Immutable, for any number
 * of threads until {@link #close}.
 */
public final class Requests implements AutoCloseable {
  private static final Period[] PERIODS = Period.values();

  private final Tensors columns = new Tensors();
  private final Tensor request;
  private final Tensor user;
  private final Tensor time;
  private final Tensor historyEnd;
  private final Tensor snapshot;
  private final Tensor period;
  private final Tensor start;
  private final Tensor target;
  private final int rows;

  /** By how many targets of a request are drawn at most. */
  private final Map<Integer, Absences> absences = new HashMap<>();

  private Requests(int rows, long targets, BufferAllocator allocator) {
    this.rows = rows;
    request = columns.add("request", allocator, DType.INT32, rows);
    user = columns.add("user", allocator, DType.INT32, rows);
    time = columns.add("time", allocator, DType.INT64, rows);
    historyEnd = columns.add("history_end", allocator, DType.INT64, rows);
    snapshot = columns.add("snapshot", allocator, DType.INT32, rows);
    period = columns.add("period", allocator, DType.UINT8, rows);
    start = columns.add("start", allocator, DType.INT64, rows + 1L);
    target = columns.add("target", allocator, DType.INT32, targets);
  }

  /** Finds the requests of a history; what is not on offer at its moment is no target. */
  public static Requests of(
      History history,
      Periods periods,
      Behavior targetBehavior,
      Offer offer,
      BufferAllocator allocator) {
    try (Tensor firstRow = Tensor.allocate(allocator, DType.INT64, history.requests());
        Tensor userOf = Tensor.allocate(allocator, DType.INT32, history.requests())) {
      int bit = targetBehavior.bit();
      int rows = 0;
      long targets = 0;
      for (int u = 0; u < history.users(); u++) {
        long end = history.end(u);
        long next;
        for (long row = history.start(u); row < end; row = next) {
          next = row;
          int found = 0;
          for (; next < end && history.request(next) == history.request(row); next++) {
            found += isTarget(history, next, bit, offer) ? 1 : 0;
          }
          boolean first = row == history.start(u);
          if (found > 0 && !(first && judged(periods, history.timeMs(row)))) {
            firstRow.setLong(history.request(row), row + 1);
            userOf.setInt(history.request(row), u);
            rows++;
            targets += found;
          }
        }
      }
      Requests requests = new Requests(rows, targets, allocator);
      requests.fill(history, periods, bit, offer, firstRow, userOf);
      return requests;
    }
  }

  private static boolean isTarget(History history, long row, int bit, Offer offer) {
    return (history.behaviors(row) & bit) != 0 && offer.has(history.item(row), history.timeMs(row));
  }

  private static boolean judged(Periods periods, long timeMs) {
    return periods.periodOf(timeMs) != Period.TRAIN;
  }

  /** The first rows are counted from 1; 0 stands for a request that doesn't count. */
  private void fill(
      History history, Periods periods, int bit, Offer offer, Tensor firstRow, Tensor userOf) {
    int row = 0;
    long filled = 0;
    for (int r = 0; r < history.requests(); r++) {
      long first = firstRow.getLong(r) - 1;
      if (first < 0) {
        continue;
      }
      int u = userOf.getInt(r);
      for (long i = first; i < history.end(u) && history.request(i) == r; i++) {
        if (isTarget(history, i, bit, offer)) {
          target.setInt(filled++, history.item(i));
        }
      }
      long moment = history.timeMs(first);
      request.setInt(row, r);
      user.setInt(row, u);
      time.setLong(row, moment);
      historyEnd.setLong(row, first);
      snapshot.setInt(row, periods.snapshotOf(moment));
      period.setByte(row, (byte) Arrays.asList(PERIODS).indexOf(periods.periodOf(moment)));
      start.setLong(++row, filled);
    }
  }

  /** Writes {@link TableSchema#REQUESTS}. */
  public void write(OutputStream out, BufferAllocator allocator) throws IOException {
    try (TableWriter writer = new TableWriter(TableSchema.REQUESTS.schema(0), out, allocator)) {
      for (int row = 0; row < rows; row++) {
        writer
            .setInt(0, request(row))
            .setInt(1, user(row))
            .setLong(2, timeMs(row))
            .setLong(3, historyEnd(row))
            .setInt(4, snapshot(row))
            .setString(5, period(row).key())
            .setInts(6, targets(row))
            .endRow();
      }
    }
  }

  /** Reads {@link TableSchema#REQUESTS}. */
  public static Requests read(Path file, BufferAllocator allocator) throws IOException {
    long rows = 0;
    long targets = 0;
    try (TableReader reader = new TableReader(TableSchema.REQUESTS, file, allocator)) {
      while (reader.next()) {
        rows += reader.batch().getRowCount();
        targets += ((ListVector) reader.batch().getVector(6)).getDataVector().getValueCount();
      }
    }
    Requests requests = new Requests(Math.toIntExact(rows), targets, allocator);
    try (TableReader reader = new TableReader(TableSchema.REQUESTS, file, allocator)) {
      int row = 0;
      while (reader.next()) {
        row = requests.fill(reader.batch(), row);
      }
      return requests;
    } catch (IOException | RuntimeException e) {
      requests.close();
      throw e;
    }
  }

  private int fill(VectorSchemaRoot batch, int from) {
    ListVector lists = (ListVector) batch.getVector(6);
    IntVector items = (IntVector) lists.getDataVector();
    int row = from;
    for (int i = 0; i < batch.getRowCount(); i++) {
      request.setInt(row, ((IntVector) batch.getVector(0)).get(i));
      user.setInt(row, ((IntVector) batch.getVector(1)).get(i));
      time.setLong(row, ((BigIntVector) batch.getVector(2)).get(i));
      historyEnd.setLong(row, ((BigIntVector) batch.getVector(3)).get(i));
      snapshot.setInt(row, ((IntVector) batch.getVector(4)).get(i));
      byte[] key = ((VarCharVector) batch.getVector(5)).get(i);
      Period found = Period.of(new String(key, StandardCharsets.UTF_8));
      period.setByte(row, (byte) Arrays.asList(PERIODS).indexOf(found));
      long filled = start.getLong(row);
      for (int t = lists.getElementStartIndex(i); t < lists.getElementEndIndex(i); t++) {
        target.setInt(filled++, items.get(t));
      }
      start.setLong(++row, filled);
    }
    return row;
  }

  /**
   * Requests, targets and users of each period.
   *
   * @param dropped of {@link SampleSummary}
   */
  public SampleSummary summary(SortedMap<String, Long> dropped) {
    Map<String, SampleSummary.Counts> counts = new LinkedHashMap<>();
    for (Period which : PERIODS) {
      int[] of = rows(which);
      counts.put(
          which.key(),
          new SampleSummary.Counts(
              of.length,
              IntStream.of(of).mapToLong(this::targetCount).sum(),
              IntStream.of(of).map(this::user).distinct().count()));
    }
    return new SampleSummary(counts, dropped);
  }

  /** Number of requests. */
  public int rows() {
    return rows;
  }

  /** The rows of a period, in time order. */
  public int[] rows(Period which) {
    return IntStream.range(0, rows).filter(row -> period(row) == which).toArray();
  }

  public int request(int row) {
    return request.getInt(row);
  }

  public int user(int row) {
    return user.getInt(row);
  }

  public long timeMs(int row) {
    return time.getLong(row);
  }

  /** The row of {@link History} before which the request's history lies. */
  public long historyEnd(int row) {
    return historyEnd.getLong(row);
  }

  /** Whose counters the request may use; -1 = none. */
  public int snapshot(int row) {
    return snapshot.getInt(row);
  }

  public Period period(int row) {
    return PERIODS[period.getByte(row)];
  }

  /** Number of targets of a request. */
  public int targetCount(int row) {
    return (int) (start.getLong(row + 1L) - start.getLong(row));
  }

  /** One target item of a request. */
  public int target(int row, int index) {
    return target.getInt(start.getLong(row) + index);
  }

  /** A copy of a request's target items. */
  public int[] targets(int row) {
    return IntStream.range(0, targetCount(row)).map(t -> target(row, t)).toArray();
  }

  /**
   * What log-Q is made of, counted at the first call.
   *
   * @param items of the catalogue
   * @param limit how many targets of a request are drawn at most
   */
  Absences absences(int items, int limit) {
    synchronized (absences) {
      return absences.computeIfAbsent(limit, most -> new Absences(this, items, most));
    }
  }

  @Override
  public void close() {
    columns.close();
  }
}
