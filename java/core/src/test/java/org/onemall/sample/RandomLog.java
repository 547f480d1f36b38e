package org.onemall.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;
import org.onemall.shop.SplitConfig;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/**
 * A small random log over three scenarios as objects, and its tables. Requests ascend with time;
 * times have ties.
 */
record RandomLog(int users, int items, Periods periods, List<Event> events) {
  private static final long START = 1_700_000_000_000L;
  private static final long HOUR = 3_600_000;
  private static final int SPAN_HOURS = 200 * 24;

  /**
   * One row.
   *
   * @param delay from the request to the event; -1 = not known
   * @param product that the item sold; -1 = none
   */
  record Event(
      int request, int user, int item, long timeMs, int behaviors, int delay, int product) {}

  /** A neighbour and its score. */
  record Scored(int item, float score) {}

  static RandomLog of(Random random) {
    int users = 1 + random.nextInt(12);
    int items = 5 + random.nextInt(60);
    int requests = users + 2 + random.nextInt(300);
    List<Event> events = new ArrayList<>();
    long[] hours = random.longs(requests, 0, SPAN_HOURS).sorted().toArray();
    hours[0] = 0;
    hours[requests - 1] = SPAN_HOURS;
    for (int r = 0; r < requests; r++) {
      int user = r < users ? r : random.nextInt(users);
      Set<Integer> basket = new TreeSet<>();
      basket.add(r == 0 ? items - 1 : random.nextInt(items));
      for (int i = random.nextInt(8); i > 0; i--) {
        basket.add(random.nextInt(items));
      }
      for (int item : basket) {
        events.add(event(r, user, item, START + hours[r] * HOUR, items, random));
      }
    }
    Periods periods =
        Periods.split(
            START, START + SPAN_HOURS * HOUR, new SplitConfig(SplitConfig.By.TIME, 28, 28, 14));
    return new RandomLog(users, items, periods, events);
  }

  private static Event event(
      int request, int user, int item, long timeMs, int items, Random random) {
    int delay =
        switch (random.nextInt(6)) {
          case 0 -> -1;
          case 1 -> random.nextInt((int) (20 * Periods.DAY_MS));
          default -> random.nextInt(600_000);
        };
    int product = random.nextBoolean() ? -1 : random.nextInt(items);
    return new Event(request, user, item, timeMs, behaviors(random), delay, product);
  }

  /** Of the three scenarios that this one's items and the others belong to, only one has SIDs. */
  static boolean hasSid(int item) {
    return item % 3 != 1;
  }

  /** An item of this scenario comes and goes. */
  static boolean offered(int item, long timeMs) {
    return hasSid(item) && (timeMs / (40 * HOUR) + item) % 5 != 0;
  }

  private static int behaviors(Random random) {
    int bits = Behavior.EXPOSURE.bit();
    bits |= random.nextBoolean() ? Behavior.CLICK.bit() : 0;
    return bits | (random.nextInt(3) > 0 ? Behavior.BUY.bit() : 0);
  }

  /** The same log with everything after a request replaced. */
  RandomLog withOtherFuture(int request, Random random) {
    List<Event> changed = new ArrayList<>();
    Set<List<Integer>> there = new TreeSet<>(Comparator.comparing(List<Integer>::toString));
    for (Event event : events) {
      if (event.request() <= request) {
        changed.add(event);
      } else {
        int item = random.nextInt(items);
        if (there.add(List.of(event.request(), item))) {
          changed.add(event(event.request(), event.user(), item, event.timeMs(), items, random));
        }
      }
    }
    return new RandomLog(users, items, periods, changed);
  }

  /** Neighbours in a snapshot by the number of common requests before it, best first. */
  Map<Integer, List<Scored>> neighbours(int snapshot, int limit) {
    Map<Integer, List<Integer>> baskets = new TreeMap<>();
    for (Event event : events) {
      if (event.timeMs() < periods.snapshotsMs().get(snapshot)) {
        baskets.computeIfAbsent(event.request(), r -> new ArrayList<>()).add(event.item());
      }
    }
    Map<Integer, Map<Integer, Integer>> together = new TreeMap<>();
    for (List<Integer> basket : baskets.values()) {
      for (int a : basket) {
        for (int b : basket) {
          if (a != b) {
            together.computeIfAbsent(a, i -> new TreeMap<>()).merge(b, 1, Integer::sum);
          }
        }
      }
    }
    Map<Integer, List<Scored>> best = new TreeMap<>();
    together.forEach((item, counts) ->
        best.put(
            item,
            counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
                .limit(limit)
                .map(e -> new Scored(e.getKey(), e.getValue() / 3f))
                .toList()));
    return best;
  }

  void writeInteractions(Path file, BufferAllocator allocator) throws IOException {
    List<Event> sorted = new ArrayList<>(events);
    sorted.sort(Comparator.comparingInt(Event::user).thenComparingInt(Event::request));
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.INTERACTIONS.schema(0), out, allocator)) {
      for (Event event : sorted) {
        writer
            .setInt(0, event.request())
            .setInt(1, event.user())
            .setInt(2, event.item())
            .setLong(3, event.timeMs())
            .setInt(4, 0)
            .setInt(5, event.behaviors())
            .setFloat(6, 1)
            .setFloat(7, 1);
        if (event.delay() >= 0) {
          writer.setLong(8, event.timeMs() + event.delay());
        }
        if (event.product() >= 0) {
          writer.setInt(11, event.product());
        }
        writer.endRow();
      }
    }
  }

  void writeNeighbours(Path file, int limit, BufferAllocator allocator) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer =
            new TableWriter(TableSchema.ITEM_NEIGHBOURS.schema(0), out, allocator)) {
      for (int s = 0; s < periods.snapshots(); s++) {
        for (Map.Entry<Integer, List<Scored>> entry : neighbours(s, limit).entrySet()) {
          for (Scored scored : entry.getValue()) {
            writer
                .setInt(0, s)
                .setInt(1, entry.getKey())
                .setInt(2, scored.item())
                .setFloat(3, scored.score())
                .endRow();
          }
        }
      }
    }
  }
}
