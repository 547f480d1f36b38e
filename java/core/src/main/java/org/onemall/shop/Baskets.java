package org.onemall.shop;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.run.Artefact;
import org.onemall.run.Artefacts;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * What users did request by request, in time order: the distinct items of each request and the
 * user's request before it. Since requests are numbered in time order, "everything before a moment"
 * is a prefix, {@link #before}; whoever stays inside the prefix cannot leak. Columns lie off the
 * heap, 20 bytes a request and 4 an item, until nobody holds this object. Immutable.
 */
public final class Baskets {
  private final int users;
  private final int items;
  private final int size;
  private final MemorySegment user;
  private final MemorySegment timeMs;
  private final MemorySegment previous;
  private final MemorySegment starts;
  private final MemorySegment basketItems;

  /**
   * From interactions sorted by user and time, where the rows of one request follow each other.
   *
   * @param request the request's id of each row; any number that tells neighbours apart
   */
  public Baskets(int users, int items, int[] request, int[] user, int[] item, long[] timeMs) {
    this(
        users,
        items,
        new Rows(
            request.length,
            MemorySegment.ofArray(request),
            MemorySegment.ofArray(user),
            MemorySegment.ofArray(item),
            MemorySegment.ofArray(timeMs)));
  }

  /** Columns of interactions, lent. */
  private record Rows(
      int count,
      MemorySegment request,
      MemorySegment user,
      MemorySegment item,
      MemorySegment timeMs) {
    Rows(int count, Arena arena) {
      this(
          count,
          arena.allocate(JAVA_INT, count),
          arena.allocate(JAVA_INT, count),
          arena.allocate(JAVA_INT, count),
          arena.allocate(JAVA_LONG, count));
    }

    void set(int row, InteractionReader from, int counted) {
      request.setAtIndex(JAVA_INT, row, from.request());
      user.setAtIndex(JAVA_INT, row, from.user());
      item.setAtIndex(JAVA_INT, row, counted);
      timeMs.setAtIndex(JAVA_LONG, row, from.timeMs());
    }

    int user(int row) {
      return user.getAtIndex(JAVA_INT, row);
    }

    int item(int row) {
      return item.getAtIndex(JAVA_INT, row);
    }

    long timeMs(int row) {
      return timeMs.getAtIndex(JAVA_LONG, row);
    }

    /** Whether a row is of another request than the one before. */
    boolean begins(int row) {
      return row == 0
          || user(row) != user(row - 1)
          || request.getAtIndex(JAVA_INT, row) != request.getAtIndex(JAVA_INT, row - 1);
    }

    /** The first row of each request, and the number of rows. */
    int[] firstRows() {
      int requests = 0;
      for (int row = 0; row < count; row++) {
        boolean sorted =
            row == 0
                || user(row) > user(row - 1)
                || (user(row) == user(row - 1) && timeMs(row) >= timeMs(row - 1));
        if (!sorted) {
          throw new IllegalArgumentException(
              "interactions: expected rows sorted by user and time, row %d is not".formatted(row));
        }
        requests += begins(row) ? 1 : 0;
      }
      int[] first = new int[requests + 1];
      int next = 0;
      for (int row = 0; row < count; row++) {
        if (begins(row)) {
          first[next++] = row;
        }
      }
      first[next] = count;
      return first;
    }
  }

  private Baskets(int users, int items, Rows rows) {
    this.users = users;
    this.items = items;
    int[] firstRows = rows.firstRows();
    size = firstRows.length - 1;
    int[] order = inTimeOrder(rows, firstRows);
    Arena arena = Arena.ofAuto();
    user = arena.allocate(JAVA_INT, size);
    timeMs = arena.allocate(JAVA_LONG, size);
    previous = arena.allocate(JAVA_INT, size);
    starts = arena.allocate(JAVA_INT, size + 1L);
    basketItems = arena.allocate(JAVA_INT, rows.count());
    int[] latest = new int[users];
    Arrays.fill(latest, -1);
    int[] distinct = new int[16];
    int end = 0;
    for (int i = 0; i < size; i++) {
      int first = firstRows[order[i]];
      int count = firstRows[order[i] + 1] - first;
      user.setAtIndex(JAVA_INT, i, rows.user(first));
      timeMs.setAtIndex(JAVA_LONG, i, rows.timeMs(first));
      previous.setAtIndex(JAVA_INT, i, latest[rows.user(first)]);
      latest[rows.user(first)] = i;
      distinct = count > distinct.length ? new int[2 * count] : distinct;
      for (int row = 0; row < count; row++) {
        distinct[row] = rows.item(first + row);
      }
      Arrays.sort(distinct, 0, count);
      for (int k = 0; k < count; k++) {
        if (k == 0 || distinct[k] != distinct[k - 1]) {
          basketItems.setAtIndex(JAVA_INT, end++, distinct[k]);
        }
      }
      starts.setAtIndex(JAVA_INT, i + 1, end);
    }
  }

  private static int[] inTimeOrder(Rows rows, int[] firstRows) {
    long[] moments = new long[firstRows.length - 1];
    Arrays.setAll(moments, i -> rows.timeMs(firstRows[i]));
    int[] order = new int[moments.length];
    Arrays.setAll(order, i -> i);
    IntArrays.stableSort(order, (a, b) -> Long.compare(moments[a], moments[b]));
    return order;
  }

  /** Reads a run's interactions that have {@code behavior}, of all its users and items. */
  public static Baskets read(Artefacts run, Behavior behavior, BufferAllocator allocator)
      throws IOException {
    return read(
        run.file(Artefact.INTERACTIONS),
        behavior,
        Math.toIntExact(TableReader.rows(TableSchema.USERS, run.file(Artefact.USERS), allocator)),
        ItemReader.count(run.file(Artefact.ITEMS), allocator),
        allocator);
  }

  /** Reads the interactions that have {@code behavior}; counts are those of the whole data. */
  public static Baskets read(
      Path interactions, Behavior behavior, int users, int items, BufferAllocator allocator)
      throws IOException {
    return read(interactions, behavior, users, items, (item, product) -> item, allocator);
  }

  /**
   * Likewise, for other items than those shown.
   *
   * @param counts of the item that was shown and the product that it concerned (-1: none) the item
   *     that the event counts for; -1 leaves the event out
   */
  public static Baskets read(
      Path interactions,
      Behavior behavior,
      int users,
      int items,
      IntBinaryOperator counts,
      BufferAllocator allocator)
      throws IOException {
    int size = 0;
    try (InteractionReader reader = new InteractionReader(interactions, allocator)) {
      while (reader.next()) {
        size += counted(reader, behavior, counts) >= 0 ? 1 : 0;
      }
    }
    try (Arena arena = Arena.ofConfined();
        InteractionReader reader = new InteractionReader(interactions, allocator)) {
      Rows rows = new Rows(size, arena);
      for (int row = 0; reader.next(); ) {
        int counted = counted(reader, behavior, counts);
        if (counted >= 0) {
          rows.set(row++, reader, counted);
        }
      }
      return new Baskets(users, items, rows);
    }
  }

  private static int counted(InteractionReader row, Behavior behavior, IntBinaryOperator counts) {
    return row.did(behavior) ? counts.applyAsInt(row.item(), row.product()) : -1;
  }

  /** Number of users, those without a request too. */
  public int users() {
    return users;
  }

  /** Number of items of the catalogue. */
  public int items() {
    return items;
  }

  /** Number of requests. */
  public int size() {
    return size;
  }

  public int user(int request) {
    return user.getAtIndex(JAVA_INT, request);
  }

  public long timeMs(int request) {
    return timeMs.getAtIndex(JAVA_LONG, request);
  }

  /** The same user's request before this one; -1 for the first. */
  public int previous(int request) {
    return previous.getAtIndex(JAVA_INT, request);
  }

  /** First index of the request's items in {@link #item}; they are distinct and ascending. */
  public int start(int request) {
    return starts.getAtIndex(JAVA_INT, request);
  }

  /** One past the last index of the request's items. */
  public int end(int request) {
    return starts.getAtIndex(JAVA_INT, request + 1L);
  }

  public int item(int index) {
    return basketItems.getAtIndex(JAVA_INT, index);
  }

  /** How many requests came before the moment: they are 0 .. result - 1. */
  public int before(long moment) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (timeMs(middle) < moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
