package org.onemall.mall.tables;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.onemall.mall.world.Authors;
import org.onemall.mall.world.World;

/**
 * What a generation came to, as lines for a person.
 *
 * @param exposures over all scenarios
 * @param cpu that it took, over all threads
 */
public record GenerationSummary(long requests, long exposures, Duration cpu, List<String> lines) {
  public GenerationSummary {
    lines = List.copyOf(lines);
  }

  public static GenerationSummary of(World world, ScenarioTotals totals, Duration cpu) {
    long exposures = 0;
    for (long of : totals.exposures) {
      exposures += of;
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d exposures in %,d requests, %,d items, %,d users, %d days",
            exposures,
            totals.requests,
            world.ids.size(),
            world.parameters.users(),
            world.parameters.days()));
    lines.add("");
    lines.addAll(rates(totals));
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
    return new GenerationSummary(totals.requests, exposures, cpu, lines);
  }

  static List<String> rates(ScenarioTotals totals) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| scenario | exposures | CTR (expected) | z | CTCVR (expected) | z | long view | cart/click | GPM yuan (expected) | wanted exposures | wanted clicks |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|---|");
    for (int k = 0; k < ScenarioTotals.ENTERTAINMENT; k++) {
      double shown = totals.exposures[k];
      double clicks = totals.clicks[k];
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %.2f %% (%.2f) | %.2f | %.3f %% (%.3f) | %.2f | %.1f %% | %.0f %% | %.1f (%.1f) | %.1f %% | %.0f %% |",
              World.SCENARIOS.get(k).key(),
              totals.exposures[k],
              100 * clicks / shown,
              100 * totals.expectedClicks[k] / shown,
              totals.clickZ(k),
              100 * totals.orders[k] / shown,
              100 * totals.expectedOrders[k] / shown,
              totals.orderZ(k),
              100 * totals.longViews[k] / shown,
              100 * totals.carts[k] / clicks,
              1_000 * totals.amount[k] / shown,
              1_000 * totals.expectedAmount[k] / shown,
              100 * totals.wanted[k] / shown,
              100 * totals.wantedClicks[k] / clicks));
    }
    int k = ScenarioTotals.ENTERTAINMENT;
    lines.add(
        String.format(
            Locale.ROOT,
            "| entertainment | %,d | | | | | %.1f %% | | | | |",
            totals.exposures[k],
            100.0 * totals.longViews[k] / totals.exposures[k]));
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
