package org.onemall.evaluate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.onemall.offer.Offered;
import org.onemall.order.JudgedRequest;
import org.onemall.statistics.RankCounter;

/**
 * Measures one request after another: from scores to a row of {@link Metrics}. Holds scratch, so
 * one for each thread. Ties are ranked fairly: what counts is the expectation under random
 * tie-breaking. A target that is not in the list, or scores -inf, is a miss.
 *
 * <p>Per SID, a SID scores what its best item scores. Which SID an item has, and whether it can be
 * retrieved at all, belongs to the request's moment.
 */
final class Ranking {
  private final Metrics metrics;
  private final int items;
  private final RankCounter all = new RankCounter();
  private final RankCounter repeats = new RankCounter();
  private final RankCounter fresh = new RankCounter();
  private final RankCounter sids = new RankCounter();
  private final boolean[] inHistory;
  private final int[] targetOfItem;
  private float[] bestOfSid = {};
  private int[] touchedSids = new int[1024];
  private float[] scores = new float[16];
  private float[] scratch = new float[16];

  /** Entries of the list. */
  private int listed;

  /** For items of all scenarios, numbered from 0 to {@code items}. */
  Ranking(Metrics metrics, int items) {
    this.metrics = metrics;
    this.items = items;
    inHistory = new boolean[items];
    targetOfItem = new int[items];
    Arrays.fill(targetOfItem, -1);
  }

  /**
   * Ranks {@code list[0..count)} by {@code listScores}; no list stands for all items by id. An item
   * that isn't offered but has a score above -inf is an error.
   *
   * @param values filled with the numerators, {@code metrics.size()} of them
   * @param totals filled with the denominators
   */
  void measure(
      int @Nullable [] list,
      float[] listScores,
      int count,
      JudgedRequest request,
      Offered offered,
      double[] values,
      double[] totals) {
    if (list == null && count != items) {
      throw new IllegalArgumentException(
          "ranking: expected a score for each of %d items, found %d".formatted(items, count));
    }
    int known = bestOfSid.length;
    if (known < offered.sids()) {
      bestOfSid = Arrays.copyOf(bestOfSid, offered.sids());
      Arrays.fill(bestOfSid, known, bestOfSid.length, Float.NEGATIVE_INFINITY);
    }
    Arrays.fill(values, 0);
    Arrays.fill(totals, 0);
    mark(request, true);
    int[] targets = request.targets();
    int touched;
    try {
      findTargets(list, listScores, count, targets.length);
      start(all, targets, null);
      start(repeats, targets, true);
      start(fresh, targets, false);
      touched = count(list, listScores, count, offered);
      hits(targets, values, totals);
      percentiles(targets.length, offered.items(), values, totals);
      sidHits(targets, touched, offered, values, totals);
    } finally {
      mark(request, false);
    }
    for (int i = 0; i < touched; i++) {
      bestOfSid[touchedSids[i]] = Float.NEGATIVE_INFINITY;
    }
  }

  /** Expected hit of a target of the request that was measured last. */
  double hit(int target, int cutoff) {
    return all.hit(scores[target], cutoff);
  }

  private void mark(JudgedRequest request, boolean on) {
    for (int item : request.history()) {
      inHistory[item] = on;
    }
    int[] targets = request.targets();
    for (int i = 0; i < targets.length; i++) {
      targetOfItem[targets[i]] = on ? i : -1;
    }
  }

  private void findTargets(int @Nullable [] list, float[] listScores, int count, int targets) {
    if (scores.length < targets) {
      scores = new float[2 * targets];
      scratch = new float[2 * targets];
    }
    Arrays.fill(scores, 0, targets, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < count; i++) {
      int item = list == null ? i : list[i];
      if (Float.isNaN(listScores[i])) {
        throw new IllegalArgumentException(
            "ranking: the score of item " + item + " is NaN; expected a number or -inf");
      }
      int target = targetOfItem[item];
      if (target >= 0) {
        scores[target] = listScores[i];
      }
    }
  }

  private void start(RankCounter counter, int[] targets, @Nullable Boolean repeat) {
    int kept = 0;
    for (int i = 0; i < targets.length; i++) {
      if (repeat == null || inHistory[targets[i]] == repeat) {
        scratch[kept++] = scores[i];
      }
    }
    counter.start(scratch, kept);
  }

  /** Counts the list into every ranking; the number of SIDs that got a score. */
  private int count(int @Nullable [] list, float[] listScores, int count, Offered offered) {
    int touched = 0;
    listed = 0;
    for (int i = 0; i < count; i++) {
      float score = listScores[i];
      if (score == Float.NEGATIVE_INFINITY) {
        continue;
      }
      int item = list == null ? i : list[i];
      all.add(score);
      (inHistory[item] ? repeats : fresh).add(score);
      listed++;
      int sid = sid(item, offered);
      if (bestOfSid[sid] == Float.NEGATIVE_INFINITY) {
        if (touched == touchedSids.length) {
          touchedSids = Arrays.copyOf(touchedSids, 2 * touched);
        }
        touchedSids[touched++] = sid;
      }
      bestOfSid[sid] = Math.max(bestOfSid[sid], score);
    }
    all.finish();
    repeats.finish();
    fresh.finish();
    return touched;
  }

  private static int sid(int item, Offered offered) {
    int sid = offered.sid(item);
    if (sid < 0) {
      throw new IllegalArgumentException(
          "ranking: item %d has a score, or is a target, but isn't offered at the request's moment"
              .formatted(item));
    }
    return sid;
  }

  /**
   * 1 for the first place, 0 for the last; what is not in the list ties for the places after it.
   */
  private void percentiles(int targets, int offered, double[] values, double[] totals) {
    for (int i = 0; i < targets; i++) {
      double before =
          scores[i] > Float.NEGATIVE_INFINITY
              ? all.before(scores[i])
              : listed + (offered - listed - 1) / 2.0;
      add(metrics.percentile(), 1 - before / Math.max(1, offered - 1), values, totals);
    }
  }

  private void hits(int[] targets, double[] values, double[] totals) {
    int[] cutoffs = metrics.hitCutoffs();
    for (int k = 0; k < cutoffs.length; k++) {
      for (int i = 0; i < targets.length; i++) {
        boolean repeat = inHistory[targets[i]];
        double hit = all.hit(scores[i], cutoffs[k]);
        double shelf = (repeat ? repeats : fresh).hit(scores[i], cutoffs[k]);
        add(metrics.hit(Metrics.Kind.ALL, k), hit, values, totals);
        add(metrics.hit(repeat ? Metrics.Kind.REPEAT : Metrics.Kind.NEW, k), hit, values, totals);
        add(
            metrics.hit(repeat ? Metrics.Kind.HISTORY_SHELF : Metrics.Kind.NEW_SHELF, k),
            shelf,
            values,
            totals);
      }
    }
    int[] ndcg = metrics.ndcgCutoffs();
    for (int k = 0; k < ndcg.length; k++) {
      double sum = 0;
      for (int i = 0; i < targets.length; i++) {
        sum += all.gain(scores[i], ndcg[k]);
      }
      add(metrics.ndcg(false, k), sum / ideal(targets.length, ndcg[k]), values, totals);
    }
  }

  private void sidHits(
      int[] targets, int touched, Offered offered, double[] values, double[] totals) {
    int[] sidOfTarget = Arrays.stream(targets).map(item -> sid(item, offered)).toArray();
    for (int i = 0; i < targets.length; i++) {
      scratch[i] = bestOfSid[sidOfTarget[i]];
    }
    sids.start(scratch, targets.length);
    for (int i = 0; i < touched; i++) {
      sids.add(bestOfSid[touchedSids[i]]);
    }
    sids.finish();
    int[] cutoffs = metrics.hitCutoffs();
    for (int k = 0; k < cutoffs.length; k++) {
      for (int i = 0; i < targets.length; i++) {
        double hit = sids.hit(bestOfSid[sidOfTarget[i]], cutoffs[k]);
        add(metrics.hit(Metrics.Kind.SID, k), hit, values, totals);
      }
    }
    int[] distinct = Arrays.stream(sidOfTarget).distinct().toArray();
    int[] ndcg = metrics.ndcgCutoffs();
    for (int k = 0; k < ndcg.length; k++) {
      double sum = 0;
      for (int sid : distinct) {
        sum += sids.gain(bestOfSid[sid], ndcg[k]);
      }
      add(metrics.ndcg(true, k), sum / ideal(distinct.length, ndcg[k]), values, totals);
    }
  }

  private static void add(int metric, double value, double[] values, double[] totals) {
    values[metric] += value;
    totals[metric]++;
  }

  private static double ideal(int targets, int cutoff) {
    double sum = 0;
    for (int rank = 1; rank <= Math.min(targets, cutoff); rank++) {
      sum += RankCounter.discount(rank);
    }
    return sum;
  }
}
