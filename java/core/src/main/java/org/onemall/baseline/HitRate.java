package org.onemall.baseline;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.onemall.offer.Offer;
import org.onemall.parallel.Parallel;
import org.onemall.shop.Baskets;

/**
 * HR@k per target of a scorer on some requests, among what can be retrieved at each one's moment;
 * items that tie for the last places share them.
 */
final class HitRate {
  private final Baskets baskets;
  private final Offer offer;
  private final int[] requests;
  private final int k;

  /** On at most {@code most} requests from one moment to another, of users with a past. */
  HitRate(Baskets baskets, Offer offer, long from, long to, int most, int k) {
    this.baskets = baskets;
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
  double of(Scorer scorer, int threads) {
    double[] hits = new double[requests.length];
    Parallel.each(threads, requests.length, i -> hits[i] = hits(scorer, requests[i]));
    long targets = 0;
    double sum = 0;
    for (int i = 0; i < requests.length; i++) {
      targets += targets(requests[i]).length;
      sum += hits[i];
    }
    return targets == 0 ? 0 : sum / targets;
  }

  private double hits(Scorer scorer, int request) {
    float[] scores = new float[baskets.items()];
    scorer.score(Past.before(baskets, request), scores);
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
