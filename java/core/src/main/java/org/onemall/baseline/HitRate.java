package org.onemall.baseline;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.onemall.offer.Offer;
import org.onemall.parallel.Parallel;
import org.onemall.sample.History;
import org.onemall.sample.Query;
import org.onemall.shop.Baskets;

/**
 * HR@k per target of a scorer on some requests, among what can be retrieved at each one's moment;
 * items that tie for the last places share them.
 */
final class HitRate {
  /** Requests that a baseline looks at together. */
  private static final int BATCH = 64;

  private final Baskets baskets;
  private final History history;
  private final Offer offer;
  private final int[] requests;
  private final int k;

  /**
   * On at most {@code most} requests from one moment to another, of users with a past.
   *
   * @param history of the same users; lent
   */
  HitRate(Baskets baskets, History history, Offer offer, long from, long to, int most, int k) {
    this.baskets = baskets;
    this.history = history;
    this.offer = offer;
    this.k = k;
    int[] all =
        IntStream.range(baskets.before(from), baskets.before(to))
            .filter(request -> baskets.previous(request) >= 0)
            .filter(request -> targets(request).length > 0)
            .toArray();
    int count = Math.min(most, all.length);
    requests = new int[count];
    Arrays.setAll(requests, i -> all[(int) ((long) i * all.length / count)]);
  }

  private int[] targets(int request) {
    return IntStream.range(baskets.start(request), baskets.end(request))
        .map(baskets::item)
        .filter(item -> offer.has(item, baskets.timeMs(request)))
        .toArray();
  }

  /** The share of targets among the first k; 0 where there is no target. */
  double of(FittedBaseline baseline, int threads) {
    double[] hits = new double[requests.length];
    for (int start = 0; start < requests.length; start += BATCH) {
      int first = start;
      int[] part = Arrays.copyOfRange(requests, start, Math.min(requests.length, start + BATCH));
      FittedBaseline.Scores scores =
          baseline.batch(Arrays.stream(part).mapToObj(this::query).toList());
      Parallel.each(threads, part.length, i -> hits[first + i] = hits(scores, i, part[i]));
    }
    long targets = 0;
    double sum = 0;
    for (int i = 0; i < requests.length; i++) {
      targets += targets(requests[i]).length;
      sum += hits[i];
    }
    return targets == 0 ? 0 : sum / targets;
  }

  private Query query(int request) {
    return Query.of(history, baskets.user(request), baskets.timeMs(request), -1);
  }

  private double hits(FittedBaseline.Scores of, int query, int request) {
    float[] scores = new float[baskets.items()];
    of.fill(query, scores);
    offer.mask(baskets.timeMs(request), scores);
    double hits = 0;
    for (int target : targets(request)) {
      float own = scores[target];
      int above = 0;
      int ties = 0;
      for (float score : scores) {
        above += score > own ? 1 : 0;
        ties += score == own ? 1 : 0;
      }
      hits += Math.clamp((k - above) / (double) ties, 0, 1);
    }
    return hits;
  }
}
