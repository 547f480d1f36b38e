package org.onemall.order;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The final order of a request's candidates: score = sum over parts of weight * scaled part +
 * {@code explore} for items that are not in the history. A part of weight 0 is switched off.
 * Immutable.
 */
public record FinalOrder(Scaling scaling, Map<Part, Double> weights, double explore) {
  public FinalOrder {
    EnumMap<Part, Double> complete = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      double weight = weights.getOrDefault(part, 0.0);
      if (!(weight >= 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException(
            "final order: expected a weight of %s >= 0, found %s".formatted(part.key(), weight));
      }
      complete.put(part, weight);
    }
    weights = Collections.unmodifiableMap(complete);
  }

  /** The same order with another bonus for items that are not in the history. */
  public FinalOrder withExplore(double bonus) {
    return new FinalOrder(scaling, weights, bonus);
  }

  FinalOrder with(Part part, double weight) {
    EnumMap<Part, Double> changed = new EnumMap<>(weights);
    changed.put(part, weight);
    return new FinalOrder(scaling, changed, explore);
  }

  /** Scores every candidate into {@code out}, which holds at least {@code candidates.count()}. */
  public void score(Candidates candidates, float[] out) {
    int count = candidates.count();
    double[] sum = new double[count];
    weights.keySet().forEach(part -> add(part, candidates, sum));
    for (int i = 0; i < count; i++) {
      out[i] = (float) (sum[i] + (candidates.inHistory(i) ? 0 : explore));
    }
  }

  /** What a part adds to each candidate's score. */
  public double[] contribution(Part part, Candidates candidates) {
    double[] sum = new double[candidates.count()];
    add(part, candidates, sum);
    return sum;
  }

  private void add(Part part, Candidates candidates, double[] sum) {
    double weight = weights.getOrDefault(part, 0.0);
    if (weight == 0) {
      return;
    }
    float[] scaled = Arrays.copyOf(candidates.values(part), sum.length);
    scaling.scale(part, scaled, sum.length);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * scaled[i];
    }
  }
}
