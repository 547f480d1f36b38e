package org.onemall.evaluate;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.onemall.tensor.Tensor;

/**
 * What one model's lists are like, whatever users took: how many of the items they show, how
 * evenly, how little known and how different from each other. Threads add different requests; sums
 * are taken in request order.
 */
final class ListFigures {
  private final Background background;
  private final long takenInAll;
  private final int candidates;
  private final AtomicIntegerArray shown;
  private final double[] novelty;
  private final double[] diversity;

  ListFigures(Background background, int requests) {
    this.background = background;
    takenInAll = background.takenInAll();
    candidates = background.candidates().length;
    shown = new AtomicIntegerArray(background.items());
    novelty = new double[requests];
    diversity = new double[requests];
    Arrays.fill(novelty, Double.NaN);
    Arrays.fill(diversity, Double.NaN);
  }

  void add(int row, TopList list) {
    double bits = 0;
    for (int place = 0; place < list.size(); place++) {
      shown.incrementAndGet(list.item(place));
      bits += bits(list.item(place));
    }
    if (list.size() > 0) {
      novelty[row] = bits / list.size();
    }
    if (list.size() > 1) {
      diversity[row] = diversity(list);
    }
  }

  /** Self-information of an item that is taken as often as it was before, one more for each. */
  private double bits(int item) {
    double share = (background.taken()[item] + 1.0) / (takenInAll + candidates);
    return -Math.log(share) / Math.log(2);
  }

  /**
   * Mean of 1 - cosine over the pairs of a list. With unit vectors u, the cosines of all pairs sum
   * to (|sum of u|^2 - n) / 2: no pair is looked at.
   */
  private double diversity(TopList list) {
    Tensor vectors = background.vectors();
    int width = Math.toIntExact(vectors.dim(1));
    double[] sum = new double[width];
    double own = 0;
    for (int place = 0; place < list.size(); place++) {
      long start = (long) list.item(place) * width;
      double square = 0;
      for (int i = 0; i < width; i++) {
        double value = vectors.getFloat(start + i);
        square += value * value;
      }
      if (square > 0) { // an item without a vector is like no other
        double length = Math.sqrt(square);
        for (int i = 0; i < width; i++) {
          sum[i] += vectors.getFloat(start + i) / length;
        }
        own++;
      }
    }
    double all = Arrays.stream(sum).map(value -> value * value).sum();
    return 1 - (all - own) / ((double) list.size() * (list.size() - 1));
  }

  /**
   * All figures.
   *
   * @param offered items that could be recommended at some moment of the test period
   */
  Evaluation.Lists result(int[] offered) {
    int[] times = Arrays.stream(offered).map(shown::get).sorted().toArray();
    double sum = 0;
    double weighted = 0;
    for (int i = 0; i < times.length; i++) {
      sum += times[i];
      weighted += (i + 1.0) * times[i];
    }
    double n = times.length;
    double covered = Arrays.stream(times).filter(count -> count > 0).count();
    return new Evaluation.Lists(
        round(covered / n),
        round(sum == 0 ? 0 : 2 * weighted / (n * sum) - (n + 1) / n),
        round(mean(novelty)),
        round(mean(diversity)));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).average().orElse(0);
  }

  private static double round(double value) {
    return Math.rint(value * 1e6) / 1e6;
  }
}
