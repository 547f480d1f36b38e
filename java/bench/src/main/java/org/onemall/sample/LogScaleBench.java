package org.onemall.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.onemall.sample.SampleConfig.TargetWeight;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/**
 * What reading and counting a generated log costs: history, baskets, popularity of all snapshots,
 * the last against a pass for each snapshot, in CPU seconds, alternating. Arguments: a scratch
 * folder, events, items, snapshots, rounds.
 */
final class LogScaleBench {
  private static final int PER_USER = 50;
  private static final int PER_REQUEST = 2;
  private static final double HALF_LIFE_DAYS = 30;

  private LogScaleBench() {}

  public static void main(String[] args) throws IOException {
    Path file = Files.createDirectories(Path.of(args[0])).resolve("interactions.arrow");
    int users = Integer.parseInt(args[1]) / PER_USER;
    int items = Integer.parseInt(args[2]);
    int snapshots = Integer.parseInt(args[3]);
    int rounds = Integer.parseInt(args[4]);
    Periods periods = periods(snapshots);
    SampleConfig config =
        new SampleConfig(
            Behavior.BUY,
            List.of(Behavior.BUY),
            256,
            50,
            20,
            .8f,
            HALF_LIFE_DAYS,
            TargetWeight.REQUEST,
            null,
            null);
    try (BufferAllocator allocator = new RootAllocator()) {
      write(file, users, items, periods, allocator);
      double before = cpuSeconds();
      Baskets baskets =
          Baskets.read(file, Behavior.BUY, users, items, (item, product) -> item, allocator);
      System.out.printf("baskets: %d requests, %.2f s%n", baskets.size(), cpuSeconds() - before);
      before = cpuSeconds();
      try (History history = History.read(file, items, allocator)) {
        System.out.printf(
            "history: %d events, %.2f s, %d MiB off the heap%n",
            history.rows(), cpuSeconds() - before, allocator.getAllocatedMemory() >> 20);
        popularity(history, periods, config, rounds, allocator);
      }
    }
  }

  private static void popularity(
      History history,
      Periods periods,
      SampleConfig config,
      int rounds,
      BufferAllocator allocator) {
    double[] ours = new double[rounds];
    double[] bySnapshot = new double[rounds];
    double difference = 0;
    for (int round = 0; round < rounds; round++) {
      double start = cpuSeconds();
      try (Popularity popularity = Popularity.of(history, periods, config, allocator)) {
        ours[round] = cpuSeconds() - start;
        start = cpuSeconds();
        for (int s = 0; s < periods.snapshots(); s++) {
          double[] recent = passOver(history, periods.snapshotsMs().get(s));
          for (int i = 0; i < recent.length; i++) {
            double gap = Math.abs(recent[i] - popularity.recent(s, i));
            difference = Math.max(difference, gap / Math.max(1, recent[i]));
          }
        }
        bySnapshot[round] = cpuSeconds() - start;
      }
    }
    Arrays.sort(ours);
    Arrays.sort(bySnapshot);
    System.out.printf(
        "popularity of %d snapshots: %.2f s (%.2f to %.2f), a pass for each %.2f: %.1fx, largest relative difference %.1e%n",
        periods.snapshots(),
        ours[rounds / 2],
        ours[0],
        ours[rounds - 1],
        bySnapshot[rounds / 2],
        bySnapshot[rounds / 2] / ours[rounds / 2],
        difference);
  }

  private static double[] passOver(History history, long at) {
    double[] recent = new double[history.items()];
    int[] total = new int[history.items()];
    double perMs = Math.log(.5) / (HALF_LIFE_DAYS * Periods.DAY_MS);
    for (long row = 0; row < history.rows(); row++) {
      long time = history.timeMs(row);
      if (time < at && (history.behaviors(row) & Behavior.BUY.bit()) != 0) {
        recent[history.item(row)] += StrictMath.exp(perMs * (at - time));
        total[history.item(row)]++;
      }
    }
    return recent;
  }

  /** Weekly snapshots. */
  private static Periods periods(int snapshots) {
    long week = 7 * Periods.DAY_MS;
    Long[] at = new Long[snapshots];
    Arrays.setAll(at, s -> (s + 1) * week);
    return new Periods(
        0, at[snapshots - 2], at[snapshots - 1], (snapshots + 1) * week, List.of(at));
  }

  /** Each user's requests spread over the time, items by a power law. */
  private static void write(
      Path file, int users, int items, Periods periods, BufferAllocator allocator)
      throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    int requests = PER_USER / PER_REQUEST;
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.INTERACTIONS.schema(0), out, allocator)) {
      for (int user = 0; user < users; user++) {
        for (int r = 0; r < requests; r++) {
          long time = periods.lastMs() / requests * r + random.nextLong(Periods.DAY_MS);
          for (int i = 0; i < PER_REQUEST; i++) {
            writer
                .setInt(0, r * users + user)
                .setInt(1, user)
                .setInt(2, (int) (items * Math.pow(random.nextDouble(), 3)))
                .setLong(3, time)
                .setInt(4, i)
                .setInt(5, Behavior.EXPOSURE.bit() | Behavior.CLICK.bit() | Behavior.BUY.bit())
                .setFloat(6, 1)
                .setFloat(7, 1)
                .endRow();
          }
        }
      }
    }
  }

  private static double cpuSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }
}
