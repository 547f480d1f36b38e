package org.onemall.training;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Running means of the figures that steps return, by name so that files made of them never differ.
 */
public final class MeanFigures {
  private final SortedMap<String, Double> sums;
  private long count;

  public MeanFigures() {
    this(Map.of(), 0);
  }

  /** Goes on from what {@link #sums} and {@link #count} gave. */
  public MeanFigures(Map<String, Double> sums, long count) {
    this.sums = new TreeMap<>(sums);
    this.count = count;
  }

  /** Adds a step. */
  public void add(Map<String, Double> figures) {
    figures.forEach((name, value) -> sums.merge(name, value, Double::sum));
    count++;
  }

  /** The means so far; starts anew. */
  public SortedMap<String, Double> take() {
    SortedMap<String, Double> means = new TreeMap<>(sums);
    means.replaceAll((_, sum) -> sum / count);
    sums.clear();
    count = 0;
    return means;
  }

  public SortedMap<String, Double> sums() {
    return sums;
  }

  public long count() {
    return count;
  }
}
