package org.onemall.mall.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.onemall.mall.tables.DayTables;
import org.onemall.mall.world.World;
import org.onemall.mall.world.WorldClock;
import org.onemall.shop.Behavior;
import org.onemall.shop.InteractionReader;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * The log of a world and its truth, read back from the tables: requests in the order of time, each
 * with its rows. Of a large world only the first users, who are as good as any.
 */
final class LogWithTruth {
  private final int users;
  int requests;
  int[] user = new int[1 << 12];
  int[] request = new int[1 << 12];
  long[] timeMs = new long[1 << 12];
  byte[] intentLeaf = new byte[1 << 12];
  byte[] intentColour = new byte[1 << 12];
  byte[] intentPattern = new byte[1 << 12];

  /** An item, -1 = none. */
  int[] intentSource = new int[1 << 12];

  int[] firstRow = new int[(1 << 12) + 1];
  int rows;
  int[] item = new int[1 << 14];

  /** A dense item, -1 = entertainment. */
  int[] product = new int[1 << 14];

  byte[] behaviors = new byte[1 << 14];
  long[] eventMs = new long[1 << 14];
  int[] watchMs = new int[1 << 14];
  float[] propensity = new float[1 << 14];
  float[] pClick = new float[1 << 14];
  float[] pBuy = new float[1 << 14];

  private LogWithTruth(int users) {
    this.users = users;
  }

  /** Reads the days of a finished world. */
  static LogWithTruth read(Path folder, int days, int users) throws IOException {
    LogWithTruth log = new LogWithTruth(users);
    try (BufferAllocator allocator = new RootAllocator()) {
      for (int day = 0; day < days; day++) {
        Path events = folder.resolve("interactions/" + DayTables.name(day));
        Path truth = folder.resolve("truth/interactions/" + DayTables.name(day));
        try (InteractionReader open = new InteractionReader(events, allocator);
            TableReader hidden =
                new TableReader(TableSchema.TRUTH_INTERACTIONS, truth, allocator)) {
          int row = 0;
          int rows = 0;
          while (open.next()) {
            if (row == rows && hidden.next()) {
              row = 0;
              rows = hidden.batch().getRowCount();
            }
            if (row == rows) {
              throw notAlike(events, truth);
            }
            log.add(open, hidden.batch(), row++);
          }
          if (row < rows || hidden.next()) {
            throw notAlike(events, truth);
          }
        }
      }
    }
    log.firstRow[log.requests] = log.rows;
    return log;
  }

  private static IOException notAlike(Path events, Path truth) {
    return new IOException(
        "%s: expected a row for each of %s. Generate the mall again".formatted(truth, events));
  }

  private void add(InteractionReader open, VectorSchemaRoot hidden, int i) {
    if (open.user() < users) {
      if (requests == 0 || request[requests - 1] != open.request()) {
        startRequest(open, hidden, i);
      }
      addRow(open, hidden, i);
    }
  }

  private void startRequest(InteractionReader open, VectorSchemaRoot hidden, int i) {
    if (requests == user.length) {
      growRequests(2 * requests);
    }
    request[requests] = open.request();
    user[requests] = open.user();
    timeMs[requests] = open.timeMs();
    intentLeaf[requests] = (byte) ((IntVector) hidden.getVector(4)).get(i);
    intentSource[requests] = ((IntVector) hidden.getVector(5)).get(i);
    intentColour[requests] = (byte) ((IntVector) hidden.getVector(6)).get(i);
    intentPattern[requests] = (byte) ((IntVector) hidden.getVector(7)).get(i);
    firstRow[requests++] = rows;
  }

  private void growRequests(int size) {
    request = Arrays.copyOf(request, size);
    user = Arrays.copyOf(user, size);
    timeMs = Arrays.copyOf(timeMs, size);
    intentLeaf = Arrays.copyOf(intentLeaf, size);
    intentColour = Arrays.copyOf(intentColour, size);
    intentPattern = Arrays.copyOf(intentPattern, size);
    intentSource = Arrays.copyOf(intentSource, size);
    firstRow = Arrays.copyOf(firstRow, size + 1);
  }

  private void addRow(InteractionReader open, VectorSchemaRoot hidden, int i) {
    if (rows == item.length) {
      growRows(2 * rows);
    }
    item[rows] = open.item();
    behaviors[rows] = (byte) open.behaviors();
    eventMs[rows] = open.seenMs();
    watchMs[rows] = open.watchMs();
    propensity[rows] = open.propensity();
    product[rows] = open.product();
    pClick[rows] = ((Float4Vector) hidden.getVector(2)).get(i);
    pBuy[rows] = ((Float4Vector) hidden.getVector(3)).get(i);
    rows++;
  }

  private void growRows(int size) {
    item = Arrays.copyOf(item, size);
    product = Arrays.copyOf(product, size);
    behaviors = Arrays.copyOf(behaviors, size);
    eventMs = Arrays.copyOf(eventMs, size);
    watchMs = Arrays.copyOf(watchMs, size);
    propensity = Arrays.copyOf(propensity, size);
    pClick = Arrays.copyOf(pClick, size);
    pBuy = Arrays.copyOf(pBuy, size);
  }

  boolean did(int row, Behavior behavior) {
    return (behaviors[row] & behavior.bit()) != 0;
  }

  int day(int r) {
    return WorldClock.day(timeMs[r]);
  }

  /** The scenario's number of a request, which all of its rows share. */
  int scenario(World world, int r) {
    return switch (world.ids.kind(item[firstRow[r]])) {
      case PRODUCT -> 0;
      case ECOM_VIDEO, ENTERTAINMENT_VIDEO -> 1;
      case ROOM -> 2;
    };
  }

  /** The first row of a request that was clicked; -1 = none. */
  int firstClick(int r) {
    for (int row = firstRow[r]; row < firstRow[r + 1]; row++) {
      if (did(row, Behavior.CLICK)) {
        return row;
      }
    }
    return -1;
  }

  /** Requests of each user in the order of time, users ascending. */
  int[] byUser() {
    int[] from = new int[users + 1];
    for (int r = 0; r < requests; r++) {
      from[user[r] + 1]++;
    }
    for (int u = 0; u < users; u++) {
      from[u + 1] += from[u];
    }
    int[] order = new int[requests];
    for (int r = 0; r < requests; r++) {
      order[from[user[r]]++] = r;
    }
    return order;
  }
}
