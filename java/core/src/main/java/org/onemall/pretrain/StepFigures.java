package org.onemall.pretrain;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Running means of the figures that steps return, by name so that files made of them never differ.
 */
final class StepFigures {
  private final SortedMap<String, Double> sums;
  private long count;

  StepFigures(Map<String, Double> sums, long count) {
    this.sums = new TreeMap<>(sums);
    this.count = count;
  }

  void add(Map<String, Double> figures) {
    figures.forEach((name, value) -> sums.merge(name, value, Double::sum));
    count++;
  }

  double mean(String name) {
    Double sum = sums.get(name);
    if (sum == null) {
      throw new IllegalStateException("figures: no '" + name + "', there are " + sums.keySet());
    }
    return sum / count;
  }

  /** The means so far; starts anew. */
  TrainingCurve.Point point(long step) {
    SortedMap<String, Double> means = new TreeMap<>();
    sums.keySet().forEach(name -> means.put(name, mean(name)));
    sums.clear();
    count = 0;
    return new TrainingCurve.Point(step, means);
  }

  SortedMap<String, Double> sums() {
    return sums;
  }

  long count() {
    return count;
  }
}
