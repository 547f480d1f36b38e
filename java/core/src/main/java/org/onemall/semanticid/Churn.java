package org.onemall.semanticid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How often rooms' Semantic IDs change: of the rooms that were on air at a full hour and still were
 * at the next one, the share whose first codes, up to a level, differ.
 *
 * @param rooms that were compared, over all hours
 * @param levels share for each level
 * @param hours the same by hour of the day (UTC) at which the comparison starts; hours at which no
 *     room was on air are left out
 * @param states rows of vectors
 * @param sids rows that are left when those without a change are dropped
 */
public record Churn(int rooms, List<Double> levels, List<Hour> hours, int states, int sids) {
  private static final int DAY = 24;

  public Churn {
    levels = List.copyOf(levels);
    hours = List.copyOf(hours);
  }

  /** Rooms that were compared at an hour of the day, and the share that changed for each level. */
  public record Hour(int hour, int rooms, List<Double> levels) {
    public Hour {
      levels = List.copyOf(levels);
    }
  }

  /**
   * Counts.
   *
   * @param codes by level and row
   * @param firstMs the log's first event
   * @param lastMs and its last one
   */
  public static Churn of(Validity validity, int[][] codes, long firstMs, long lastMs) {
    int depth = codes.length;
    int[] rooms = new int[DAY];
    int[][] changed = new int[DAY][depth];
    int[] before = {-1};
    long[] beforeHour = {0};
    validity.hours(
        firstMs,
        lastMs,
        (row, hour) -> {
          int last = before[0];
          boolean follows =
              last >= 0
                  && validity.item()[last] == validity.item()[row]
                  && beforeHour[0] == hour - 1
                  && unbroken(validity, last, row);
          if (follows) {
            int at = (int) Math.floorMod(hour - 1, (long) DAY);
            rooms[at]++;
            for (int level = firstDifference(codes, last, row); level < depth; level++) {
              changed[at][level]++;
            }
          }
          before[0] = row;
          beforeHour[0] = hour;
        });
    List<Hour> hours = new ArrayList<>();
    for (int hour = 0; hour < DAY; hour++) {
      if (rooms[hour] > 0) {
        hours.add(new Hour(hour, rooms[hour], shares(changed[hour], rooms[hour])));
      }
    }
    int all = Arrays.stream(rooms).sum();
    int[] sums = new int[depth];
    for (int[] each : changed) {
      Arrays.setAll(sums, level -> sums[level] + each[level]);
    }
    return new Churn(all, shares(sums, all), hours, validity.rows(), sids(validity, codes));
  }

  private static boolean unbroken(Validity validity, int from, int to) {
    for (int row = from + 1; row <= to; row++) {
      if (validity.begins(row)) {
        return false;
      }
    }
    return true;
  }

  private static int firstDifference(int[][] codes, int a, int b) {
    int level = 0;
    while (level < codes.length && codes[level][a] == codes[level][b]) {
      level++;
    }
    return level;
  }

  private static int sids(Validity validity, int[][] codes) {
    int sids = 0;
    for (int row = 0; row < validity.rows(); row++) {
      boolean same = row > 0 && validity.item()[row] == validity.item()[row - 1];
      sids += same && firstDifference(codes, row - 1, row) == codes.length ? 0 : 1;
    }
    return sids;
  }

  private static List<Double> shares(int[] counts, int all) {
    return Arrays.stream(counts).mapToObj(count -> all == 0 ? 0 : (double) count / all).toList();
  }
}
