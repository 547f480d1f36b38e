package org.onemall.item2item;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.onemall.parallel.Parallel;
import org.onemall.shop.Baskets;

/**
 * Items that go together, by counts that grow in time order: weight(i -> j) sums a weight for every
 * request with both, and a decayed one for every j that follows i in a later request of the user.
 * score(i -> j) = weight / sqrt((n_i + s) (n_j + s)), with n the number of requests with the item:
 * a cosine with shrinkage s. Requests are counted once; each snapshot is a stop on the way, so its
 * scores know only what came before. Of an item with very many neighbours the lightest are
 * forgotten now and then, so that all weights together stay bounded. Mutable, for one thread.
 */
public final class CoOccurrence {
  /** Weights kept at a time over all items: 1 to 2 GiB at worst. */
  private static final int MOST_WEIGHTS = 1 << 25;

  private final Baskets baskets;
  private final Item2ItemConfig.CoOccurrence config;
  private final long seed;
  private final Row[] weights;
  private final double[] requests;
  private int counted;

  /**
   * Nothing counted yet.
   *
   * @param seed of the samples of requests that pass the cap
   */
  public CoOccurrence(Baskets baskets, Item2ItemConfig.CoOccurrence config, long seed) {
    this.baskets = baskets;
    this.config = config;
    this.seed = seed;
    this.weights = new Row[baskets.items()];
    int most = Math.max(4 * config.count(), MOST_WEIGHTS / Math.max(1, baskets.items()));
    Arrays.setAll(weights, item -> new Row(baskets.items(), most));
    this.requests = new double[baskets.items()];
  }

  /** Goes on until every request before {@code moment} has been counted. */
  public void countUntil(long moment) {
    int end = baskets.before(moment);
    for (; counted < end; counted++) {
      count(counted);
    }
  }

  private void count(int request) {
    int[] items = items(request);
    for (int item : items) {
      requests[item]++;
      if (config.sameRequest() > 0) {
        for (int other : items) {
          if (other != item) {
            weights[item].add(other, config.sameRequest());
          }
        }
      }
    }
    double weight = config.nextRequest();
    int earlier = baskets.previous(request);
    long since = since(baskets.timeMs(request));
    for (int lag = 1; lag <= config.window() && earlier >= 0 && weight > 0; lag++) {
      if (baskets.timeMs(earlier) < since) {
        break;
      }
      countNext(items(earlier), items, weight);
      weight *= config.decay();
      earlier = baskets.previous(earlier);
    }
  }

  /** No request before this moment counts with one at {@code timeMs}. */
  private long since(long timeMs) {
    Double minutes = config.minutes();
    return minutes == null ? Long.MIN_VALUE : timeMs - Math.round(minutes * 60_000);
  }

  private void countNext(int[] earlier, int[] later, double weight) {
    double backward = weight * config.backward();
    for (int from : earlier) {
      for (int to : later) {
        if (from != to) {
          weights[from].add(to, weight);
          if (backward > 0) {
            weights[to].add(from, backward);
          }
        }
      }
    }
  }

  private int[] items(int request) {
    int[] items = new int[baskets.end(request) - baskets.start(request)];
    for (int i = 0; i < items.length; i++) {
      items[i] = baskets.item(baskets.start(request) + i);
    }
    return Sample.of(items, config.maxItems(), seed, request);
  }

  /** For each item the best neighbours by what has been counted so far. */
  public NeighbourLists best(int threads) {
    double[] norm = new double[requests.length];
    Arrays.setAll(norm, item -> 1 / Math.sqrt(requests[item] + config.shrinkage()));
    NeighbourLists neighbours = new NeighbourLists(weights.length);
    Parallel.each(
        threads,
        weights.length,
        item -> {
          BestItems best = new BestItems(config.count());
          weights[item].forEach(
              (other, weight) -> best.offer(other, weight * norm[item] * norm[other]));
          best.drainTo(neighbours, item);
        });
    return neighbours;
  }

  /** Counts through all snapshots and hands over each one's neighbours, in order. */
  public static void forEachSnapshot(
      Baskets baskets,
      List<Long> snapshotsMs,
      Item2ItemConfig.CoOccurrence config,
      long seed,
      int threads,
      Sink sink)
      throws IOException {
    CoOccurrence counts = new CoOccurrence(baskets, config, seed);
    for (int snapshot = 0; snapshot < snapshotsMs.size(); snapshot++) {
      counts.countUntil(snapshotsMs.get(snapshot));
      sink.accept(snapshot, counts.best(threads));
    }
  }

  /** Takes the neighbours as of one snapshot. */
  @FunctionalInterface
  public interface Sink {
    void accept(int snapshot, NeighbourLists neighbours) throws IOException;
  }
}
