package org.onemall.semanticid;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.onemall.parallel.Parallel;
import org.onemall.tensor.Tensor;

/**
 * The nearest items of some items by cosine, exact: what a codebook should keep together.
 *
 * @param queries items asked for, evenly spread over the ids, which are in random order
 * @param neighbours of each of them, nearest first
 */
@SuppressWarnings("ArrayRecordComponent")
record CosineNeighbours(int[] queries, int[][] neighbours) {
  static final VectorSpecies<Float> LANES = FloatVector.SPECIES_256;
  private static final int QUERIES = 1_000;
  private static final int NEIGHBOURS = 10;

  /** Of float32 (N, D). */
  static CosineNeighbours of(Tensor vectors, int threads) {
    int items = Math.toIntExact(vectors.dim(0));
    int width = Math.toIntExact(vectors.dim(1));
    int[] queries = new int[Math.min(items, QUERIES)];
    Arrays.setAll(queries, i -> (int) ((long) items * i / queries.length));
    float[] norms = new float[items];
    float[] row = new float[width];
    for (int item = 0; item < items; item++) {
      read(vectors, item, row);
      norms[item] = (float) Math.sqrt(dot(row, row, new float[LANES.length()]));
    }
    int[][] neighbours = new int[queries.length][];
    Parallel.each(
        threads, queries.length, i -> neighbours[i] = nearest(vectors, norms, queries[i]));
    return new CosineNeighbours(queries, neighbours);
  }

  private static int[] nearest(Tensor vectors, float[] norms, int query) {
    int width = Math.toIntExact(vectors.dim(1));
    int count = Math.min(NEIGHBOURS, norms.length - 1);
    float[] scores = new float[count];
    int[] items = new int[count];
    float[] from = new float[width];
    float[] to = new float[width];
    float[] lanes = new float[LANES.length()];
    read(vectors, query, from);
    int found = 0;
    for (int item = 0; item < norms.length; item++) {
      if (item == query || count == 0) {
        continue;
      }
      read(vectors, item, to);
      float norm = norms[item];
      float score = norm == 0 ? 0 : dot(from, to, lanes) / norm;
      if (found == count && score <= scores[count - 1]) {
        continue;
      }
      int at = found < count ? found++ : count - 1;
      for (; at > 0 && scores[at - 1] < score; at--) {
        scores[at] = scores[at - 1];
        items[at] = items[at - 1];
      }
      scores[at] = score;
      items[at] = item;
    }
    return items;
  }

  static void read(Tensor vectors, int item, float[] to) {
    long offset = (long) item * to.length * Float.BYTES;
    MemorySegment.copy(vectors.segment(), ValueLayout.JAVA_FLOAT, offset, to, 0, to.length);
  }

  /** Adds up in a fixed order, which {@code reduceLanes} does not promise. */
  static float dot(float[] a, float[] b, float[] lanes) {
    FloatVector sums = FloatVector.zero(LANES);
    int d = 0;
    for (; d < LANES.loopBound(a.length); d += LANES.length()) {
      sums = FloatVector.fromArray(LANES, a, d).fma(FloatVector.fromArray(LANES, b, d), sums);
    }
    sums.intoArray(lanes, 0);
    float sum = 0;
    for (; d < a.length; d++) {
      sum = Math.fma(a[d], b[d], sum);
    }
    for (float lane : lanes) {
      sum += lane;
    }
    return sum;
  }
}
