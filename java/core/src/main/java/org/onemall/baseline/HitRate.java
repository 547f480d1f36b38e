package org.onemall.baseline;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.onemall.ingest.Baskets;
import org.onemall.run.Workers;

/** HR@k per target of a scorer on some requests; items that tie for the last places share them. */
final class HitRate {
  private final Baskets baskets;
  private final int[] requests;
  private final int k;

  /** On at most {@code most} requests from one moment to another, of users with a past. */
  HitRate(Baskets baskets, long from, long to, int most, int k) {
    this.baskets = baskets;
    this.k = Math.min(k, baskets.items());
    int[] all =
        IntStream.range(baskets.before(from), baskets.before(to))
            .filter(request -> baskets.previous(request) >= 0)
            .toArray();
    int count = Math.min(most, all.length);
    requests = new int[count];
    Arrays.setAll(requests, i -> all[(int) ((long) i * all.length / count)]);
  }

  /** The share of targets among the first k; 0 where there is no target. */
  double of(Scorer scorer, int threads) {
    double[] hits = new double[requests.length];
    try (Workers workers = new Workers(threads)) {
      workers.run(requests.length, i -> hits[i] = hits(scorer, requests[i]));
    }
    long targets = 0;
    double sum = 0;
    for (int i = 0; i < requests.length; i++) {
      targets += baskets.end(requests[i]) - baskets.start(requests[i]);
      sum += hits[i];
    }
    return targets == 0 ? 0 : sum / targets;
  }

  private double hits(Scorer scorer, int request) {
    float[] scores = new float[baskets.items()];
    scorer.score(Past.before(baskets, request), scores);
    float[] sorted = scores.clone();
    Arrays.sort(sorted);
    float last = sorted[sorted.length - k];
    int above = 0;
    int ties = 0;
    for (float score : scores) {
      above += score > last ? 1 : 0;
      ties += score == last ? 1 : 0;
    }
    double hits = 0;
    for (int i = baskets.start(request); i < baskets.end(request); i++) {
      float score = scores[baskets.item(i)];
      hits += score > last ? 1 : score == last ? (k - above) / (double) ties : 0;
    }
    return hits;
  }
}
