package org.onemall.codebook;

/**
 * One level of a codebook: {@code size} centroids of {@code width} floats, row-major. The array is
 * this record's from then on and must not change.
 */
@SuppressWarnings("ArrayRecordComponent")
public record Centroids(int size, int width, float[] values) {
  public Centroids {
    if (size < 1 || width < 1 || values.length != Math.multiplyExact(size, width)) {
      throw new IllegalArgumentException(
          "centroids: expected %d x %d floats, found %d".formatted(size, width, values.length));
    }
  }

  /** Squared distance of two centroids. */
  public double squaredDistance(int code, int other) {
    double sum = 0;
    for (int d = 0; d < width; d++) {
      double difference = values[code * width + d] - values[other * width + d];
      sum += difference * difference;
    }
    return sum;
  }
}
