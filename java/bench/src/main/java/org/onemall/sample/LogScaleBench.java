package org.onemall.sample;

import it.unimi.dsi.fastutil.ints.IntLinkedOpenHashSet;
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
 * What reading and counting a generated log costs: history, baskets, popularity of all snapshots
 * against a pass for each snapshot, users' latest purchases against a walk over all that they were
 * shown; in CPU seconds, alternating. Every tenth event is a purchase. Arguments: a scratch folder,
 * events, items, snapshots, rounds, events of a user.
 */
final class LogScaleBench {
  private static final int PER_REQUEST = 2;
  private static final int TOKENS = 100;
  private static final int QUERIES = 20_000;
  private static final double HALF_LIFE_DAYS = 30;

  private LogScaleBench() {}

  public static void main(String[] args) throws IOException {
    Path file = Files.createDirectories(Path.of(args[0])).resolve("interactions.arrow");
    int perUser = Integer.parseInt(args[5]);
    int users = Integer.parseInt(args[1]) / perUser;
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
      write(file, users, perUser, items, periods, allocator);
      double before = cpuSeconds();
      Baskets baskets =
          Baskets.read(file, Behavior.CLICK, users, items, (item, product) -> item, allocator);
      System.out.printf(
          "baskets of all events: %d requests, %.2f s%n", baskets.size(), cpuSeconds() - before);
      before = cpuSeconds();
      try (History history = History.read(file, items, allocator)) {
        System.out.printf(
            "history: %d events, %.2f s, %d MiB off the heap%n",
            history.rows(), cpuSeconds() - before, allocator.getAllocatedMemory() >> 20);
        popularity(history, periods, config, rounds, allocator);
        histories(history, rounds);
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

  private static void histories(History history, int rounds) {
    HistoryTokens tokens = new HistoryTokens(Behavior.BUY, history.items(), TOKENS);
    tokens.begin(1);
    SplittableRandom random = new SplittableRandom(2);
    Query[] queries = new Query[QUERIES];
    Arrays.setAll(
        queries, i -> Query.of(history, random.nextInt(history.users()), Long.MAX_VALUE, -1));
    double before = cpuSeconds();
    history.of(Behavior.BUY);
    System.out.printf("rows of purchases: found in %.2f s%n", cpuSeconds() - before);
    double[] ours = new double[rounds];
    double[] walks = new double[rounds];
    for (Query query : queries) {
      tokens.scan(0, query);
      if (!Arrays.equals(Arrays.copyOf(tokens.item, tokens.count[0]), walk(query).toIntArray())) {
        throw new IllegalStateException("histories differ: " + query);
      }
    }
    int found = 0;
    for (int round = 0; round < rounds; round++) {
      double start = cpuSeconds();
      for (Query query : queries) {
        tokens.scan(0, query);
        found += tokens.count[0];
      }
      ours[round] = cpuSeconds() - start;
      start = cpuSeconds();
      for (Query query : queries) {
        found -= walk(query).size();
      }
      walks[round] = cpuSeconds() - start;
    }
    if (found != 0) {
      throw new IllegalStateException("histories differ by " + found);
    }
    Arrays.sort(ours);
    Arrays.sort(walks);
    System.out.printf(
        "%d latest purchases of %d users: %.3f s (%.3f to %.3f), walks %.3f: %.1fx%n",
        TOKENS,
        QUERIES,
        ours[rounds / 2],
        ours[0],
        ours[rounds - 1],
        walks[rounds / 2],
        walks[rounds / 2] / ours[rounds / 2]);
  }

  /** The distinct items that a user bought, as many as wanted, the whole past read. */
  private static IntLinkedOpenHashSet walk(Query query) {
    IntLinkedOpenHashSet items = new IntLinkedOpenHashSet();
    for (long row = query.end() - 1; row >= query.start(); row--) {
      if ((query.history().behaviors(row) & Behavior.BUY.bit()) != 0 && items.size() < TOKENS) {
        items.add(query.history().item(row));
      }
    }
    return items;
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
      Path file, int users, int perUser, int items, Periods periods, BufferAllocator allocator)
      throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    int requests = perUser / PER_REQUEST;
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.INTERACTIONS.schema(0), out, allocator)) {
      for (int user = 0; user < users; user++) {
        for (int r = 0; r < requests; r++) {
          long time =
              periods.lastMs() / requests * r + random.nextLong(periods.lastMs() / requests);
          for (int i = 0; i < PER_REQUEST; i++) {
            int shown = Behavior.EXPOSURE.bit() | Behavior.CLICK.bit();
            writer
                .setInt(0, r * users + user)
                .setInt(1, user)
                .setInt(2, (int) (items * Math.pow(random.nextDouble(), 3)))
                .setLong(3, time)
                .setInt(4, i)
                .setInt(5, random.nextInt(10) == 0 ? shown | Behavior.BUY.bit() : shown)
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
