package org.onemall.codebook;

import java.util.Map;
import java.util.TreeMap;

/** Running means of named figures. */
final class Means {
  private final Map<String, Double> sums = new TreeMap<>();
  private int count;

  void add(Map<String, Double> figures) {
    figures.forEach((name, value) -> sums.merge(name, value, Double::sum));
    count++;
  }

  Map<String, Double> get() {
    Map<String, Double> means = new TreeMap<>(sums);
    means.replaceAll((_, sum) -> sum / count);
    return means;
  }
}
