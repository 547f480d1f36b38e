package org.onemall.item2item;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * Swing over clicks on products against the usual loop (for each item its pairs of users, for each
 * their shared items, in boxed maps), on one thread and on two. Arguments: the folder of a run's
 * stage ingest, users (the rest is left out, so that the usual loop ends), rounds.
 */
final class SwingBench {
  private static final int COUNT = 200;

  private SwingBench() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int most = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    Item2ItemConfig.Swing config = new Item2ItemConfig.Swing(1, 1 << 20, 1 << 20, null, null);
    try (BufferAllocator allocator = new RootAllocator()) {
      ItemKinds kinds = ItemKinds.read(folder.resolve("items.arrow"), Long.MAX_VALUE, allocator);
      int users =
          Math.toIntExact(
              TableReader.rows(TableSchema.USERS, folder.resolve("users.arrow"), allocator));
      Baskets baskets =
          Baskets.read(
              folder.resolve("interactions.arrow"),
              Behavior.CLICK,
              users,
              kinds.items(),
              (item, product) -> kinds.isProduct(item) ? item : product,
              allocator);
      Incidence whole = Incidence.of(baskets, baskets.size(), config, 1);
      Incidence incidence = Incidence.of(firstUsers(whole, most), kinds.items(), config, 1);
      long entries = Arrays.stream(incidence.itemsOfUser).mapToLong(items -> items.length).sum();
      System.out.printf("%d users, %d clicked products%n", incidence.itemsOfUser.length, entries);
      double[] cpu = new double[rounds];
      double[][] wall = new double[2][rounds];
      for (int round = 0; round < rounds; round++) {
        double before = processCpuSeconds();
        wall[0][round] = wall(incidence, config, 1);
        cpu[round] = processCpuSeconds() - before;
        wall[1][round] = wall(incidence, config, 2);
      }
      double before = processCpuSeconds();
      Map<Long, Double> usual = usualLoop(incidence, config.alpha());
      double usualCpu = processCpuSeconds() - before;
      NeighbourLists found = Swing.best(incidence, config, COUNT, 1, Long.MAX_VALUE);
      double difference = 0;
      for (int item = 0; item < found.items(); item++) {
        for (int rank = 0; rank < found.count(item); rank++) {
          long key = (long) Math.min(item, found.other(item, rank)) << 32;
          double expected = usual.getOrDefault(key | Math.max(item, found.other(item, rank)), 0.0);
          difference = Math.max(difference, Math.abs(expected - found.score(item, rank)));
        }
      }
      Arrays.sort(cpu);
      Arrays.sort(wall[0]);
      Arrays.sort(wall[1]);
      System.out.printf(
          "Swing %.2f CPU s (%.2f to %.2f), the usual loop %.2f: %.1fx, largest difference %.1e%n",
          cpu[rounds / 2],
          cpu[0],
          cpu[rounds - 1],
          usualCpu,
          usualCpu / cpu[rounds / 2],
          difference);
      System.out.printf(
          "two threads: %.2f s against %.2f s, %.2fx%n",
          wall[1][rounds / 2], wall[0][rounds / 2], wall[0][rounds / 2] / wall[1][rounds / 2]);
    }
  }

  private static int[][] firstUsers(Incidence incidence, int most) {
    return Arrays.copyOf(incidence.itemsOfUser, Math.min(most, incidence.itemsOfUser.length));
  }

  private static double wall(Incidence incidence, Item2ItemConfig.Swing config, int threads) {
    long before = System.nanoTime();
    Swing.best(incidence, config, COUNT, threads, Long.MAX_VALUE);
    return (System.nanoTime() - before) / 1e9;
  }

  private static double processCpuSeconds() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  /** As one finds it in blogs and repositories. */
  private static Map<Long, Double> usualLoop(Incidence incidence, double alpha) {
    List<Set<Integer>> taken = new ArrayList<>();
    for (int[] items : incidence.itemsOfUser) {
      Set<Integer> set = new HashSet<>();
      for (int item : items) {
        set.add(item);
      }
      taken.add(set);
    }
    Map<Long, Double> scores = new HashMap<>();
    for (int item = 0; item < incidence.usersOfItem.length; item++) {
      int[] users = incidence.usersOfItem[item];
      for (int a = 0; a < users.length; a++) {
        for (int b = a + 1; b < users.length; b++) {
          Set<Integer> both = new HashSet<>(taken.get(users[a]));
          both.retainAll(taken.get(users[b]));
          double weight =
              1 / Math.sqrt((double) taken.get(users[a]).size() * taken.get(users[b]).size());
          for (int other : both) {
            if (other > item) {
              scores.merge(
                  ((long) item << 32) | other, weight / (alpha + both.size()), Double::sum);
            }
          }
        }
      }
    }
    return Collections.unmodifiableMap(scores);
  }
}
