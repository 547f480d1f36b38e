package org.onemall.mall.check;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Ranks of the targets of one scenario under each scorer; ties count half. */
final class TargetRanks {
  private final Map<ReferenceScorer, float[]> ranks = new EnumMap<>(ReferenceScorer.class);
  private final Map<ReferenceScorer, Integer> counts = new EnumMap<>(ReferenceScorer.class);
  private long candidates;
  private int targets;

  /** Notes how many candidates were better than the target, and how many as good. */
  void add(ReferenceScorer scorer, int better, int equal) {
    float[] of = ranks.computeIfAbsent(scorer, s -> new float[64]);
    int count = counts.getOrDefault(scorer, 0);
    if (count == of.length) {
      of = Arrays.copyOf(of, 2 * count);
      ranks.put(scorer, of);
    }
    of[count] = better + equal / 2f;
    counts.put(scorer, count + 1);
  }

  void target(int ofCandidates) {
    targets++;
    candidates += ofCandidates;
  }

  int targets() {
    return targets;
  }

  double meanCandidates() {
    return targets == 0 ? 0 : (double) candidates / targets;
  }

  boolean has(ReferenceScorer scorer) {
    return counts.containsKey(scorer);
  }

  /** Share of targets among the first {@code k}. */
  double hitRate(ReferenceScorer scorer, int k) {
    float[] of = ranks.getOrDefault(scorer, new float[0]);
    int count = counts.getOrDefault(scorer, 0);
    int hits = 0;
    for (int i = 0; i < count; i++) {
      hits += of[i] < k ? 1 : 0;
    }
    return count == 0 ? 0 : (double) hits / count;
  }
}
