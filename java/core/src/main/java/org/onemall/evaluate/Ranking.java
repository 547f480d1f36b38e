package org.onemall.evaluate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Measures one request after another: from scores to a row of {@link Metrics}. Holds scratch, so
 * one for each thread. Ties are ranked fairly: what counts is the expectation under random
 * tie-breaking. A target that is not in the list, or scores -inf, is a miss.
 *
 * <p>Per SID, a SID scores what its best item scores.
 */
final class Ranking {
  private final Metrics metrics;
  private final int[] sidOfItem;
  private final RankCounter all = new RankCounter();
  private final RankCounter repeats = new RankCounter();
  private final RankCounter fresh = new RankCounter();
  private final RankCounter sids = new RankCounter();
  private final boolean[] inHistory;
  private final int[] targetOfItem;
  private final float[] bestOfSid;
  private int[] touchedSids = new int[1024];
  private float[] scores = new float[16];
  private float[] scratch = new float[16];

  /** {@code sidOfItem} numbers the distinct SIDs densely from 0. */
  Ranking(Metrics metrics, int[] sidOfItem) {
    this.metrics = metrics;
    this.sidOfItem = sidOfItem;
    inHistory = new boolean[sidOfItem.length];
    targetOfItem = new int[sidOfItem.length];
    Arrays.fill(targetOfItem, -1);
    bestOfSid = new float[Arrays.stream(sidOfItem).max().orElse(-1) + 1];
    Arrays.fill(bestOfSid, Float.NEGATIVE_INFINITY);
  }

  /**
   * Ranks {@code list[0..count)} by {@code listScores}; no list stands for all items by id.
   *
   * @param values filled with the numerators, {@code metrics.size()} of them
   * @param totals filled with the denominators
   */
  void measure(
      int @Nullable [] list,
      float[] listScores,
      int count,
      Case request,
      double[] values,
      double[] totals) {
    if (list == null && count != sidOfItem.length) {
      throw new IllegalArgumentException(
          "ranking: expected a score for each of %d items, found %d"
              .formatted(sidOfItem.length, count));
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
      touched = count(list, listScores, count);
      hits(targets, values, totals);
      sidHits(targets, touched, values, totals);
    } finally {
      mark(request, false);
    }
    for (int i = 0; i < touched; i++) {
      bestOfSid[touchedSids[i]] = Float.NEGATIVE_INFINITY;
    }
  }

  private void mark(Case request, boolean on) {
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
  private int count(int @Nullable [] list, float[] listScores, int count) {
    int touched = 0;
    for (int i = 0; i < count; i++) {
      float score = listScores[i];
      if (score == Float.NEGATIVE_INFINITY) {
        continue;
      }
      int item = list == null ? i : list[i];
      all.add(score);
      (inHistory[item] ? repeats : fresh).add(score);
      int sid = sidOfItem[item];
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

  private void sidHits(int[] targets, int touched, double[] values, double[] totals) {
    for (int i = 0; i < targets.length; i++) {
      scratch[i] = bestOfSid[sidOfItem[targets[i]]];
    }
    sids.start(scratch, targets.length);
    for (int i = 0; i < touched; i++) {
      sids.add(bestOfSid[touchedSids[i]]);
    }
    sids.finish();
    int[] cutoffs = metrics.hitCutoffs();
    for (int k = 0; k < cutoffs.length; k++) {
      for (int i = 0; i < targets.length; i++) {
        double hit = sids.hit(bestOfSid[sidOfItem[targets[i]]], cutoffs[k]);
        add(metrics.hit(Metrics.Kind.SID, k), hit, values, totals);
      }
    }
    int[] distinct = Arrays.stream(targets).map(item -> sidOfItem[item]).distinct().toArray();
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
