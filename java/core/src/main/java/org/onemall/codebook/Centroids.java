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
}
