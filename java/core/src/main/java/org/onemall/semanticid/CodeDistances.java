package org.onemall.semanticid;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.onemall.tensor.Tensor;

/**
 * How far vectors lie from what their codes stand for: those that the codebook could be fitted to,
 * and those that came later and got codes from the frozen codebook.
 */
public record CodeDistances(Spread known, Spread later) {
  /**
   * Squared distances of some rows; all 0 where there are none.
   *
   * @param share mean, as a share of the mean squared length of the vectors
   */
  public record Spread(
      int rows, double mean, double share, double p10, double p50, double p90, double p99) {}

  /**
   * Measures.
   *
   * @param known which rows were there before validation
   * @param vectors float32 (rows, D)
   */
  public static CodeDistances of(double[] distances, boolean[] known, Tensor vectors) {
    int[] all = IntStream.range(0, known.length).toArray();
    return new CodeDistances(
        spread(distances, vectors, IntStream.of(all).filter(row -> known[row]).toArray()),
        spread(distances, vectors, IntStream.of(all).filter(row -> !known[row]).toArray()));
  }

  private static Spread spread(double[] distances, Tensor vectors, int[] rows) {
    double[] sorted = IntStream.of(rows).mapToDouble(row -> distances[row]).sorted().toArray();
    if (sorted.length == 0) {
      return new Spread(0, 0, 0, 0, 0, 0, 0);
    }
    int width = Math.toIntExact(vectors.dim(1));
    double lengths = 0;
    for (int row : rows) {
      for (float value : vectors.toFloats((long) row * width, width)) {
        lengths += (double) value * value;
      }
    }
    double sum = Arrays.stream(sorted).sum();
    return new Spread(
        sorted.length,
        sum / sorted.length,
        lengths == 0 ? 0 : sum / lengths,
        quantile(sorted, .1),
        quantile(sorted, .5),
        quantile(sorted, .9),
        quantile(sorted, .99));
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}
