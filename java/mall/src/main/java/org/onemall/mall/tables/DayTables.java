package org.onemall.mall.tables;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.mall.policy.DayRows;
import org.onemall.mall.world.DayOffer;
import org.onemall.mall.world.World;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/** Writes the rows of a day, sorted by (time, user), and the truth in the same order. */
public final class DayTables {
  private static final int INDEX_BITS = 36;

  private final World world;
  private final WorldFolder folder;
  private final BufferAllocator allocator;
  private final ScenarioTotals totals;
  private long requests;

  public DayTables(
      World world, WorldFolder folder, BufferAllocator allocator, ScenarioTotals totals) {
    this.world = world;
    this.folder = folder;
    this.allocator = allocator;
    this.totals = totals;
  }

  public static String name(int day) {
    return String.format(Locale.ROOT, "day-%03d.arrow", day);
  }

  /** Requests of all groups, in order of time, then user. */
  private static final class Order {
    final DayRows[] groups;

    /** Time, then the request's number over all groups, whose users ascend. */
    final long[] sorted;

    final long[] firstOfGroup;

    Order(DayRows[] groups) {
      this.groups = groups;
      firstOfGroup = new long[groups.length + 1];
      for (int g = 0; g < groups.length; g++) {
        firstOfGroup[g + 1] = firstOfGroup[g] + groups[g].requests;
      }
      sorted = new long[Math.toIntExact(firstOfGroup[groups.length])];
      int next = 0;
      for (DayRows rows : groups) {
        for (int i = 0; i < rows.requests; i++) {
          sorted[next] = (long) rows.time[i] << INDEX_BITS | next;
          next++;
        }
      }
      Arrays.sort(sorted);
    }

    long index(int place) {
      return sorted[place] & ((1L << INDEX_BITS) - 1);
    }

    int group(long index) {
      int found = Arrays.binarySearch(firstOfGroup, index);
      int group = found >= 0 ? found : -found - 2;
      while (groups[group].requests == 0) {
        group++;
      }
      return group;
    }
  }

  /** Writes a day; {@code withStates}: with the hidden state at each request. */
  public void write(DayOffer day, DayRows[] groups, boolean withStates) throws IOException {
    Order order = new Order(groups);
    if (requests + order.sorted.length > Integer.MAX_VALUE) {
      throw new IOException(
          "request: expected at most %,d requests, as many as fit the column, found more on day %d. Generate fewer days or users"
              .formatted(Integer.MAX_VALUE, day.index));
    }
    int first = (int) requests;
    folder.table(
        "interactions/" + name(day.index),
        TableSchema.INTERACTIONS,
        allocator,
        table -> each(order, (rows, r, n) -> interactions(table, day, rows, r, first + n)));
    folder.table(
        "truth/interactions/" + name(day.index),
        TableSchema.TRUTH_INTERACTIONS,
        allocator,
        table -> each(order, (rows, r, n) -> truth(table, rows, r, first + n)));
    if (withStates) {
      folder.table(
          "truth/requests/" + name(day.index),
          TableSchema.TRUTH_REQUESTS,
          allocator,
          table -> each(order, (rows, r, n) -> state(table, day, rows, r, first + n)));
    }
    requests += order.sorted.length;
  }

  private interface Visitor {
    void visit(DayRows rows, int request, int number) throws IOException;
  }

  private static void each(Order order, Visitor visitor) throws IOException {
    for (int i = 0; i < order.sorted.length; i++) {
      long index = order.index(i);
      int group = order.group(index);
      visitor.visit(order.groups[group], (int) (index - order.firstOfGroup[group]), i);
    }
  }

  private void interactions(TableWriter table, DayOffer day, DayRows rows, int r, int request)
      throws IOException {
    long time = day.startMs() + rows.time[r];
    totals.request();
    for (int row = rows.firstRow[r]; row < rows.firstRow[r + 1]; row++) {
      table
          .setInt(0, request)
          .setInt(1, rows.user[r])
          .setInt(2, rows.item[row])
          .setLong(3, time)
          .setInt(4, row - rows.firstRow[r])
          .setInt(5, rows.behaviors[row])
          .setFloat(6, rows.quantity[row])
          .setFloat(7, rows.amount[row])
          .setLong(8, time + rows.eventOffset[row])
          .setFloat(10, rows.propensity[row]);
      if (rows.watchMs[row] < 0) {
        table.setNull(9);
      } else {
        table.setInt(9, rows.watchMs[row]);
      }
      if (rows.product[row] < 0) {
        table.setNull(11);
      } else {
        table.setInt(11, rows.product[row]);
      }
      table.endRow();
      totals.row(world, rows, r, row);
    }
  }

  private void truth(TableWriter table, DayRows rows, int r, int request) throws IOException {
    for (int row = rows.firstRow[r]; row < rows.firstRow[r + 1]; row++) {
      table
          .setInt(0, request)
          .setInt(1, row - rows.firstRow[r])
          .setFloat(2, rows.pClick[row])
          .setFloat(3, rows.pBuy[row]);
      intent(table, 4, rows, r);
      table.endRow();
    }
  }

  private void intent(TableWriter table, int column, DayRows rows, int r) {
    int source = rows.intentSource[r];
    table
        .setInt(column, rows.intentLeaf[r])
        .setInt(column + 1, source < 0 ? -1 : world.ids.video(world.videos.ecom + source))
        .setInt(column + 2, rows.intentColour[r])
        .setInt(column + 3, rows.intentPattern[r]);
  }

  private void state(TableWriter table, DayOffer day, DayRows rows, int r, int request)
      throws IOException {
    table
        .setInt(0, request)
        .setInt(1, rows.user[r])
        .setLong(2, day.startMs() + rows.time[r])
        .setString(3, World.SCENARIOS.get(rows.scenario[r]).key());
    intent(table, 4, rows, r);
    table.endRow();
  }
}
