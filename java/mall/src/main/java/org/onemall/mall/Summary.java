package org.onemall.mall;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a generation came to, as lines for a person.
 *
 * @param exposures over all scenarios
 * @param cpu that it took, over all threads
 */
public record Summary(long requests, long exposures, Duration cpu, List<String> lines) {
  public Summary {
    lines = List.copyOf(lines);
  }

  static Summary of(World world, Tally tally, Duration cpu) {
    long exposures = 0;
    for (long of : tally.exposures) {
      exposures += of;
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d exposures in %,d requests, %,d items, %,d users, %d days",
            exposures,
            tally.requests,
            world.ids.size(),
            world.parameters.users(),
            world.parameters.days()));
    lines.add("");
    lines.addAll(rates(tally));
    lines.add("");
    lines.addAll(rooms(world));
    lines.add("");
    double seconds = Math.max(cpu.toMillis(), 1) / 1_000.0;
    lines.add(
        String.format(
            Locale.ROOT,
            "%.1f CPU seconds, %,.0f exposures per CPU second",
            seconds,
            exposures / seconds));
    return new Summary(tally.requests, exposures, cpu, lines);
  }

  static List<String> rates(Tally tally) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| scenario | exposures | CTR (expected) | z | CTCVR (expected) | z | long view | cart/click | GPM yuan (expected) | wanted exposures | wanted clicks |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|---|");
    for (int k = 0; k < Tally.ENTERTAINMENT; k++) {
      double shown = tally.exposures[k];
      double clicks = tally.clicks[k];
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %.2f %% (%.2f) | %.2f | %.3f %% (%.3f) | %.2f | %.1f %% | %.0f %% | %.1f (%.1f) | %.1f %% | %.0f %% |",
              World.SCENARIOS.get(k).key(),
              tally.exposures[k],
              100 * clicks / shown,
              100 * tally.expectedClicks[k] / shown,
              tally.clickZ(k),
              100 * tally.orders[k] / shown,
              100 * tally.expectedOrders[k] / shown,
              tally.orderZ(k),
              100 * tally.longViews[k] / shown,
              100 * tally.carts[k] / clicks,
              1_000 * tally.amount[k] / shown,
              1_000 * tally.expectedAmount[k] / shown,
              100 * tally.wanted[k] / shown,
              100 * tally.wantedClicks[k] / clicks));
    }
    int k = Tally.ENTERTAINMENT;
    lines.add(
        String.format(
            Locale.ROOT,
            "| entertainment | %,d | | | | | %.1f %% | | | | |",
            tally.exposures[k],
            100.0 * tally.longViews[k] / tally.exposures[k]));
    return lines;
  }

  /** Mean number of rooms on air in each hour, over the days of the log's last week. */
  private static List<String> rooms(World world) {
    int days = Math.min(7, world.parameters.days());
    int first = world.parameters.days() - days;
    double[] byHour = new double[24];
    Authors authors = world.authors;
    for (int d = first; d < first + days; d++) {
      for (int a = 0; a < authors.size(); a++) {
        for (int block = 0; block < Authors.BLOCKS; block++) {
          if (authors.isScheduled(a, d, block)) {
            byHour[block * 24 / Authors.BLOCKS] += 24.0 / Authors.BLOCKS / days;
          }
        }
      }
    }
    StringBuilder line = new StringBuilder("rooms on air by hour:");
    for (int hour = 0; hour < 24; hour++) {
      line.append(String.format(Locale.ROOT, " %d:%.0f", hour, byHour[hour]));
    }
    return List.of(line.toString());
  }
}
