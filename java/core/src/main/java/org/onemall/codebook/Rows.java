package org.onemall.codebook;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.Set;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/** A float32 matrix (N, D) off-heap, read row by row. */
record Rows(Tensor vectors, int count, int width) {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_128;
  private static final VectorSpecies<Double> SUMS = DoubleVector.SPECIES_256;

  /** Four doubles in one vector; wider than the machine's they would be slower than one by one. */
  private static final boolean HAS_LANES = DoubleVector.SPECIES_PREFERRED.length() >= SUMS.length();

  static Rows of(Tensor vectors) {
    if (vectors.type() != DType.FLOAT32 || vectors.shape().length != 2 || vectors.dim(1) < 1) {
      throw new IllegalArgumentException("vectors: expected float32 (N, D), found " + vectors);
    }
    return new Rows(vectors, Math.toIntExact(vectors.dim(0)), Math.toIntExact(vectors.dim(1)));
  }

  void read(int row, float[] to) {
    MemorySegment.copy(
        vectors.segment(), ValueLayout.JAVA_FLOAT, (long) row * width * Float.BYTES, to, 0, width);
  }

  /** How many different rows there are; counting stops at {@code most}. */
  int distinct(int most) {
    Set<FloatBuffer> seen = new HashSet<>();
    for (int i = 0; i < count && seen.size() < most; i++) {
      float[] row = new float[width];
      read(i, row);
      seen.add(FloatBuffer.wrap(row));
    }
    return seen.size();
  }

  /** Refuses NaN and infinity, by row. */
  Rows requireFinite(String what) {
    float[] row = new float[width];
    for (int i = 0; i < count; i++) {
      read(i, row);
      for (int d = 0; d < width; d++) {
        if (!Float.isFinite(row[d])) {
          throw new IllegalArgumentException(
              "%s: expected finite values, found %s in the vector of item %d, position %d; look at the stage that made the vectors"
                  .formatted(what, row[d], i, d));
        }
      }
    }
    return this;
  }

  /**
   * Exact squared distance of a row to a centroid, in double. Dimension d is summed in the sum d
   * mod 4, and the four are added as (0 + 1) + (2 + 3): so many sums keep the adders busy, and they
   * are the lanes of one vector where the machine has such; the bits are the same either way.
   */
  static double squaredDistance(float[] row, float[] centroids, int start) {
    return HAS_LANES
        ? squaredDistanceInLanes(row, centroids, start)
        : squaredDistanceOneByOne(row, centroids, start);
  }

  static double squaredDistanceInLanes(float[] row, float[] centroids, int start) {
    DoubleVector sums = DoubleVector.zero(SUMS);
    int whole = FLOATS.loopBound(row.length);
    for (int d = 0; d < whole; d += 4) {
      Vector<Double> x =
          FloatVector.fromArray(FLOATS, row, d).convertShape(VectorOperators.F2D, SUMS, 0);
      Vector<Double> c =
          FloatVector.fromArray(FLOATS, centroids, start + d)
              .convertShape(VectorOperators.F2D, SUMS, 0);
      Vector<Double> difference = x.sub(c);
      sums = sums.add(difference.mul(difference));
    }
    double first = sums.lane(0);
    for (int d = whole; d < row.length; d++) {
      double w = row[d] - (double) centroids[start + d];
      first += w * w;
    }
    return first + sums.lane(1) + (sums.lane(2) + sums.lane(3));
  }

  static double squaredDistanceOneByOne(float[] row, float[] centroids, int start) {
    double a = 0;
    double b = 0;
    double c = 0;
    double e = 0;
    int d = 0;
    for (; d + 3 < row.length; d += 4) {
      double w = row[d] - (double) centroids[start + d];
      double x = row[d + 1] - (double) centroids[start + d + 1];
      double y = row[d + 2] - (double) centroids[start + d + 2];
      double z = row[d + 3] - (double) centroids[start + d + 3];
      a += w * w;
      b += x * x;
      c += y * y;
      e += z * z;
    }
    for (; d < row.length; d++) {
      double w = row[d] - (double) centroids[start + d];
      a += w * w;
    }
    return a + b + (c + e);
  }
}
