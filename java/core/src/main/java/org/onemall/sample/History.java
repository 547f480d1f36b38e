package org.onemall.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.shop.Behavior;
import org.onemall.shop.InteractionReader;
import org.onemall.shop.Periods;
import org.onemall.table.TableSchema;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * The interactions in off-heap columns, 29 bytes a row, sorted by user, time and request. The rows
 * of a user are {@code [start(u), end(u))}. Immutable, for any number of threads until {@link
 * #close}.
 */
public final class History implements AutoCloseable {
  private final Tensors columns = new Tensors();
  private final Tensor start;
  private final Tensor item;
  private final Tensor time;
  private final Tensor request;
  private final Tensor behaviors;
  private final Tensor delay;
  private final Tensor product;

  /** Per row: how many requests of its user come before its own. */
  private final Tensor ordinal;

  private final Map<Behavior, BehaviorRows> byBehavior = new ConcurrentHashMap<>();
  private final BufferAllocator allocator;
  private final int users;
  private final int items;
  private final int requests;

  private History(long rows, int[] counts, BufferAllocator allocator) {
    users = counts[0];
    items = counts[1];
    requests = counts[2];
    start = columns.add("start", allocator, DType.INT64, users + 1L);
    item = columns.add("item", allocator, DType.INT32, rows);
    time = columns.add("time", allocator, DType.INT64, rows);
    request = columns.add("request", allocator, DType.INT32, rows);
    behaviors = columns.add("behaviors", allocator, DType.UINT8, rows);
    delay = columns.add("delay", allocator, DType.INT32, rows);
    product = columns.add("product", allocator, DType.INT32, rows);
    ordinal = columns.add("ordinal", allocator, DType.INT32, rows);
    this.allocator = allocator;
  }

  /**
   * Reads {@link TableSchema#INTERACTIONS}; rows out of order are an {@link IOException}.
   *
   * @param items of the catalogue, whether or not somebody was shown them
   */
  public static History read(Path file, int items, BufferAllocator allocator) throws IOException {
    long rows = 0;
    int[] counts = {0, items, 0};
    try (InteractionReader reader = new InteractionReader(file, allocator)) {
      for (; reader.next(); rows++) {
        counts[0] = Math.max(counts[0], reader.user() + 1);
        counts[1] = Math.max(counts[1], reader.item() + 1);
        counts[2] = Math.max(counts[2], reader.request() + 1);
      }
    }
    if (counts[1] > items) {
      throw new IOException(
          "%s: expected items below %d, as the catalogue has, found %d; run ingest again"
              .formatted(file, items, counts[1] - 1));
    }
    History history = new History(rows, counts, allocator);
    try (InteractionReader reader = new InteractionReader(file, allocator)) {
      history.fill(reader, file);
      return history;
    } catch (IOException | RuntimeException e) {
      history.close();
      throw e;
    }
  }

  /**
   * A history of one user, such as a live one; it belongs to the caller.
   *
   * @param items of the catalogue
   * @param events in order of time, then of request
   */
  public static History of(int items, List<Event> events, BufferAllocator allocator) {
    int requests = events.stream().mapToInt(event -> event.request() + 1).max().orElse(0);
    History history = new History(events.size(), new int[] {1, items, requests}, allocator);
    try {
      for (int row = 0; row < events.size(); row++) {
        Event event = events.get(row);
        if (event.item() < 0 || event.item() >= items || event.product() >= items) {
          throw new IllegalArgumentException(
              "events: expected items below %d, found %s".formatted(items, event));
        }
        history.item.setInt(row, event.item());
        history.time.setLong(row, event.timeMs());
        history.request.setInt(row, event.request());
        history.behaviors.setByte(row, (byte) event.behaviors());
        history.delay.setInt(row, Math.toIntExact(event.seenMs() - event.timeMs()));
        history.product.setInt(row, event.product() == event.item() ? -1 : event.product());
        if (row > 0 && !history.follows(row)) {
          throw new IllegalArgumentException(
              "events: expected them in order of time and request, found %s after %s"
                  .formatted(event, events.get(row - 1)));
        }
      }
      history.start.setLong(1, events.size());
      history.count();
      return history;
    } catch (RuntimeException e) {
      history.close();
      throw e;
    }
  }

  private void fill(InteractionReader reader, Path file) throws IOException {
    long row = 0;
    int user = -1;
    for (; reader.next(); row++) {
      int found = reader.user();
      item.setInt(row, reader.item());
      time.setLong(row, reader.timeMs());
      request.setInt(row, reader.request());
      behaviors.setByte(row, (byte) reader.behaviors());
      delay.setInt(row, delay(reader.seenMs() - reader.timeMs(), file));
      product.setInt(row, concerned(file, reader.product(), reader.item()));
      boolean negative = (found | reader.item() | reader.request()) < 0;
      if (negative || found < user || (found == user && !follows(row))) {
        throw new IOException(
            "%s: expected rows sorted by user, time and request, found otherwise in row %d; run ingest again"
                .formatted(file, row));
      }
      while (user < found) {
        start.setLong(++user, row);
      }
    }
    start.setLong(users, row);
    count();
  }

  private void count() {
    for (int user = 0; user < users; user++) {
      for (long row = start(user) + 1; row < end(user); row++) {
        int before = ordinal.getInt(row - 1);
        ordinal.setInt(row, request(row) == request(row - 1) ? before : before + 1);
      }
    }
  }

  private static int delay(long ms, Path file) throws IOException {
    if (ms != (int) ms) {
      throw new IOException(
          "%s: expected an event_ms within 24 days of its request, found %d days; give what happened later a request of its own"
              .formatted(file, ms / Periods.DAY_MS));
    }
    return (int) ms;
  }

  private int concerned(Path file, int product, int self) throws IOException {
    if (product >= items) {
      throw new IOException(
          "%s: expected products below %d, as the catalogue has, found %d; run ingest again"
              .formatted(file, items, product));
    }
    return product == self ? -1 : product;
  }

  private boolean follows(long row) {
    int order = Long.compare(time.getLong(row - 1), time.getLong(row));
    return order < 0 || (order == 0 && request.getInt(row - 1) <= request.getInt(row));
  }

  public int users() {
    return users;
  }

  /** Number of items: ids are below it. */
  public int items() {
    return items;
  }

  /** Number of requests: ids are below it. */
  public int requests() {
    return requests;
  }

  /** Number of rows of all users. */
  public long rows() {
    return item.size();
  }

  /** The first row of a user. */
  public long start(int user) {
    return start.getLong(user);
  }

  /** The row after a user's last. */
  public long end(int user) {
    return start.getLong(user + 1L);
  }

  /** The first row of a user at or after a moment; the row after the last where there is none. */
  public long before(int user, long timeMs) {
    long low = start(user);
    long high = end(user);
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (timeMs(middle) < timeMs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  public int item(long row) {
    return item.getInt(row);
  }

  public long timeMs(long row) {
    return time.getLong(row);
  }

  /** The request that a row belongs to; ascends with time over all users. */
  public int request(long row) {
    return request.getInt(row);
  }

  /** The row's mask of {@link org.onemall.shop.Behavior#bit}. */
  public int behaviors(long row) {
    return behaviors.getByte(row);
  }

  /** When the user saw the row's item: at its request's moment or a little later. */
  public long seenMs(long row) {
    return time.getLong(row) + delay.getInt(row);
  }

  /** The product that the row's item sold or showed then; -1 for none but itself. */
  public int product(long row) {
    return product.getInt(row);
  }

  /** How many requests of a row's user come before its own. */
  public int ordinal(long row) {
    return ordinal.getInt(row);
  }

  /** The rows that have a behavior, found at the first call; they stay this object's. */
  BehaviorRows of(Behavior behavior) {
    return byBehavior.computeIfAbsent(behavior, of -> new BehaviorRows(this, of, allocator));
  }

  @Override
  public void close() {
    byBehavior.values().forEach(BehaviorRows::close);
    columns.close();
  }
}
