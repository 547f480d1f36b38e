package org.onemall.shop;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
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
 * is a prefix, {@link #before}; whoever stays inside the prefix cannot leak. Immutable.
 */
public final class Baskets {
  private final int users;
  private final int items;
  private final int[] user;
  private final long[] timeMs;
  private final int[] previous;
  private final int[] starts;
  private final int[] basketItems;

  /**
   * From interactions sorted by user and time, where the rows of one request follow each other.
   *
   * @param request the request's id of each row; any number that tells neighbours apart
   */
  public Baskets(int users, int items, int[] request, int[] user, int[] item, long[] timeMs) {
    this.users = users;
    this.items = items;
    int[] firstRows = firstRows(request, user, timeMs);
    int count = firstRows.length - 1;
    int[] order = new int[count];
    Arrays.setAll(order, i -> i);
    IntArrays.stableSort(order, (a, b) -> Long.compare(timeMs[firstRows[a]], timeMs[firstRows[b]]));
    this.user = new int[count];
    this.timeMs = new long[count];
    this.previous = new int[count];
    this.starts = new int[count + 1];
    this.basketItems = new int[request.length];
    int[] latest = new int[users];
    Arrays.fill(latest, -1);
    for (int i = 0; i < count; i++) {
      int first = firstRows[order[i]];
      this.user[i] = user[first];
      this.timeMs[i] = timeMs[first];
      this.previous[i] = latest[user[first]];
      latest[user[first]] = i;
      this.starts[i + 1] =
          copyDistinct(item, first, firstRows[order[i] + 1], basketItems, this.starts[i]);
    }
  }

  private int[] firstRows(int[] request, int[] user, long[] timeMs) {
    IntArrayList first = new IntArrayList();
    for (int row = 0; row < request.length; row++) {
      if (row > 0
          && (user[row] < user[row - 1]
              || (user[row] == user[row - 1] && timeMs[row] < timeMs[row - 1]))) {
        throw new IllegalArgumentException(
            "interactions: expected rows sorted by user and time, row %d is not".formatted(row));
      }
      if (row == 0 || user[row] != user[row - 1] || request[row] != request[row - 1]) {
        first.add(row);
      }
    }
    first.add(request.length);
    return first.toIntArray();
  }

  private static int copyDistinct(int[] item, int from, int to, int[] target, int start) {
    int[] sorted = Arrays.copyOfRange(item, from, to);
    Arrays.sort(sorted);
    int end = start;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        target[end++] = sorted[i];
      }
    }
    return end;
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
    int[] request = new int[size];
    int[] user = new int[size];
    int[] item = new int[size];
    long[] timeMs = new long[size];
    try (InteractionReader reader = new InteractionReader(interactions, allocator)) {
      for (int row = 0; reader.next(); ) {
        int counted = counted(reader, behavior, counts);
        if (counted >= 0) {
          request[row] = reader.request();
          user[row] = reader.user();
          item[row] = counted;
          timeMs[row++] = reader.timeMs();
        }
      }
    }
    return new Baskets(users, items, request, user, item, timeMs);
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
    return user.length;
  }

  public int user(int request) {
    return user[request];
  }

  public long timeMs(int request) {
    return timeMs[request];
  }

  /** The same user's request before this one; -1 for the first. */
  public int previous(int request) {
    return previous[request];
  }

  /** First index of the request's items in {@link #item}; they are distinct and ascending. */
  public int start(int request) {
    return starts[request];
  }

  /** One past the last index of the request's items. */
  public int end(int request) {
    return starts[request + 1];
  }

  public int item(int index) {
    return basketItems[index];
  }

  /** How many requests came before the moment: they are 0 .. result - 1. */
  public int before(long moment) {
    int low = 0;
    int high = timeMs.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (timeMs[middle] < moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
