package org.onemall.item2item;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.onemall.parallel.Parallel;
import org.onemall.shop.Baskets;

/**
 * Swing (Yang et al. 2020, arXiv 2010.05525): items i and j are alike when users take both who have
 * little else in common. score(i, j) = sum over pairs of users u, v who took both of w_u w_v /
 * (alpha + |I_u ∩ I_v|), with w_u = 1 / sqrt(|I_u|).
 *
 * <p>The intersection belongs to the pair of users, so it is built once per pair, and all item
 * pairs in it get the same addend. Users u are taken in batches of bounded size: first the
 * intersections of the batch, shared out by u; then the sums, shared out by ranges of i, where each
 * thread walks the whole batch in its order. So every sum is added in the order of (u, v), whatever
 * the number of threads. Sums are kept for a bounded number of pairs: if there may be more, ranges
 * of i take turns, and the intersections are built again for each.
 */
public final class Swing {
  /** Ints of intersections in a batch. */
  private static final long BATCH_INTS = 1 << 22;

  /** Pairs whose sums are kept at a time: about 1 GiB at worst. */
  private static final long MOST_SUMS = 1 << 26;

  private final Incidence incidence;
  private final Item2ItemConfig.Swing config;
  private final double[] weight;
  private final long mostSums;

  private Swing(Incidence incidence, Item2ItemConfig.Swing config, long mostSums) {
    this.incidence = incidence;
    this.config = config;
    this.mostSums = mostSums;
    this.weight = new double[incidence.itemsOfUser.length];
    for (int user = 0; user < weight.length; user++) {
      weight[user] = 1 / Math.sqrt(Math.max(1, incidence.itemsOfUser[user].length));
    }
  }

  /**
   * For each item the {@code count} items with the highest score.
   *
   * @param requests how many of the first requests count
   * @param seed of the samples where a cap is passed
   */
  public static NeighbourLists best(
      Baskets baskets,
      int requests,
      Item2ItemConfig.Swing config,
      int count,
      long seed,
      int threads) {
    Incidence incidence = Incidence.of(baskets, requests, config, seed);
    return best(incidence, config, count, threads, MOST_SUMS);
  }

  static NeighbourLists best(
      Incidence incidence, Item2ItemConfig.Swing config, int count, int threads, long mostSums) {
    return new Swing(incidence, config, mostSums).best(count, threads);
  }

  private NeighbourLists best(int count, int threads) {
    int items = incidence.usersOfItem.length;
    BestItems[] best = new BestItems[items];
    Arrays.setAll(best, item -> new BestItems(count));
    int from = 0;
    while (from < items) {
      int to = lastOfTurn(from);
      Row[] sums = sums(from, to, threads);
      for (int i = from; i < to; i++) {
        int item = i;
        sums[i - from].forEach((other, score) -> {
          best[item].offer(other, score);
          best[other].offer(item, score);
        });
      }
      from = to;
    }
    NeighbourLists neighbours = new NeighbourLists(items);
    for (int item = 0; item < items; item++) {
      best[item].drainTo(neighbours, item);
    }
    return neighbours;
  }

  /** One past the last item whose sums fit, together with those from {@code from} on. */
  private int lastOfTurn(int from) {
    int items = incidence.usersOfItem.length;
    long sums = 0;
    int to = from;
    while (to < items && (to == from || sums + mostPairs(to) <= mostSums)) {
      sums += mostPairs(to);
      to++;
    }
    return to;
  }

  private long mostPairs(int item) {
    long pairs = 0;
    for (int user : incidence.usersOfItem[item]) {
      pairs += incidence.itemsOfUser[user].length - 1;
    }
    return Math.min(pairs, incidence.usersOfItem.length - item - 1);
  }

  private Row[] sums(int from, int to, int threads) {
    Row[] sums = new Row[to - from];
    Arrays.setAll(sums, i -> new Row(incidence.usersOfItem.length));
    int users = incidence.itemsOfUser.length;
    int[] bounds = ranges(from, to, 4 * threads);
    @Nullable Scratch[] scratch = new @Nullable Scratch[threads];
    int first = 0;
    while (first < users) {
      int last = lastOfBatch(first);
      int start = first;
      Shared[] batch = new Shared[last - first];
      Parallel.each(
          threads,
          batch.length,
          (worker, k) -> {
            Scratch own = scratch[worker] == null ? new Scratch(users) : scratch[worker];
            scratch[worker] = own;
            batch[k] = shared(start + k, own);
          });
      Parallel.each(
          threads, bounds.length - 1, r -> addAll(batch, sums, from, bounds[r], bounds[r + 1]));
      first = last;
    }
    return sums;
  }

  /** One past the last user whose intersections fit, together with those from {@code first} on. */
  private int lastOfBatch(int first) {
    long ints = 0;
    int last = first;
    while (last < incidence.itemsOfUser.length && (last == first || ints <= BATCH_INTS)) {
      for (int item : incidence.itemsOfUser[last]) {
        ints += incidence.usersOfItem[item].length;
      }
      last++;
    }
    return last;
  }

  /** Cuts items into ranges of about equal work; the result does not depend on where. */
  private int[] ranges(int from, int to, int count) {
    double total = 0;
    for (int item = from; item < to; item++) {
      total += work(item);
    }
    IntArrayList bounds = new IntArrayList();
    double sum = 0;
    for (int item = from; item < to; item++) {
      if (sum >= total * bounds.size() / count) {
        bounds.add(item);
      }
      sum += work(item);
    }
    bounds.add(to);
    return bounds.toIntArray();
  }

  private double work(int item) {
    double users = incidence.usersOfItem[item].length;
    return users * users * (incidence.usersOfItem.length - item);
  }

  /** The intersections of {@code user} with every later user that shares two items or more. */
  private Shared shared(int user, Scratch scratch) {
    int[] mine = incidence.itemsOfUser[user];
    scratch.others.clear();
    for (int item : mine) {
      int[] users = incidence.usersOfItem[item];
      for (int k = firstAfter(users, user); k < users.length; k++) {
        if (scratch.count[users[k]]++ == 0) {
          scratch.others.add(users[k]);
        }
      }
    }
    int[] others = scratch.others.toIntArray();
    Arrays.sort(others);
    Shared shared = layOut(user, others, scratch);
    for (int item : mine) {
      int[] users = incidence.usersOfItem[item];
      for (int k = firstAfter(users, user); k < users.length; k++) {
        int at = scratch.next[users[k]];
        if (at >= 0) {
          shared.items[at] = item;
          scratch.next[users[k]] = at + 1;
        }
      }
    }
    for (int other : others) {
      scratch.count[other] = 0;
    }
    return shared;
  }

  private Shared layOut(int user, int[] others, Scratch scratch) {
    int pairs = 0;
    int size = 0;
    for (int other : others) {
      boolean enough = scratch.count[other] >= 2;
      scratch.next[other] = enough ? size : -1;
      pairs += enough ? 1 : 0;
      size += enough ? scratch.count[other] : 0;
    }
    Shared shared = new Shared(new int[pairs + 1], new double[pairs], new int[size]);
    int pair = 0;
    for (int other : others) {
      int count = scratch.count[other];
      if (count >= 2) {
        shared.starts[pair + 1] = shared.starts[pair] + count;
        shared.addends[pair++] = weight[user] * weight[other] / (config.alpha() + count);
      }
    }
    return shared;
  }

  private static int firstAfter(int[] sorted, int value) {
    int found = Arrays.binarySearch(sorted, value);
    return found >= 0 ? found + 1 : -found - 1;
  }

  private static void addAll(Shared[] batch, Row[] sums, int offset, int from, int to) {
    for (Shared shared : batch) {
      int[] items = shared.items;
      for (int pair = 0; pair < shared.addends.length; pair++) {
        int end = shared.starts[pair + 1];
        double addend = shared.addends[pair];
        for (int a = shared.starts[pair]; a < end && items[a] < to; a++) {
          if (items[a] >= from) {
            sums[items[a] - offset].addAll(items, a + 1, end, addend);
          }
        }
      }
    }
  }

  /** One user's intersections: pair p's items are {@code items[starts[p]] .. [starts[p + 1]]}. */
  private static final class Shared {
    final int[] starts;
    final double[] addends;
    final int[] items;

    Shared(int[] starts, double[] addends, int[] items) {
      this.starts = starts;
      this.addends = addends;
      this.items = items;
    }
  }

  private static final class Scratch {
    final int[] count;
    final int[] next;
    final IntArrayList others = new IntArrayList();

    Scratch(int users) {
      count = new int[users];
      next = new int[users];
    }
  }
}
