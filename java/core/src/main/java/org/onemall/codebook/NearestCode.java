package org.onemall.codebook;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.onemall.parallel.Parallel;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * Finds the nearest centroid of every vector, ties to the lowest code: the whole cost of k-means.
 *
 * <p>The largest x.c - |c|^2/2 is the nearest c, so this is a matrix product with its argmax fused
 * in: no score matrix exists. Centroids are packed in panels of two hardware vectors (2 x 8 codes
 * with AVX2, 2 x 16 with AVX-512) so that one panel stays in L1 while a block of rows passes; the
 * inner loop keeps 4 rows x 2 vectors = 8 accumulators in registers, the shape that does not spill.
 * Accumulators begin at -|c|^2/2, hence the norms are free. Each score is one chain of fused
 * multiply-adds over the dimensions in order: the bits do not depend on vector width, blocks or
 * threads.
 */
public final class NearestCode {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final int LANE = LANES.length();
  private static final int PANEL = 2 * LANE;
  private static final int ROWS = 4;
  private static final int BLOCK = 64;

  private final int size;
  private final int width;
  private final int panels;

  /** Panel p, dimension d, code c of the panel: [(p * width + d) * PANEL + c]. */
  private final float[] packed;

  /** -|c|^2/2 of each code; -infinity for those that fill up the last panel. */
  private final float[] offsets;

  public NearestCode(Centroids centroids) {
    size = centroids.size();
    width = centroids.width();
    panels = Math.ceilDiv(size, PANEL);
    packed = new float[Math.multiplyExact(Math.multiplyExact(panels, PANEL), width)];
    offsets = new float[panels * PANEL];
    Arrays.fill(offsets, Float.NEGATIVE_INFINITY);
    float[] values = centroids.values();
    for (int code = 0; code < size; code++) {
      int panel = code / PANEL;
      int lane = code % PANEL;
      double norm = 0;
      for (int d = 0; d < width; d++) {
        float value = values[code * width + d];
        packed[(panel * width + d) * PANEL + lane] = value;
        norm += (double) value * value;
      }
      offsets[code] = (float) (-norm / 2);
    }
  }

  /**
   * The nearest code of each row.
   *
   * @param vectors float32 (N, width), finite
   * @param threads at most so many work at it; the result is the same for any number
   */
  public int[] of(Tensor vectors, int threads) {
    int[] codes = new int[Math.toIntExact(vectors.dim(0))];
    of(vectors, codes, threads);
    return codes;
  }

  void of(Tensor vectors, int[] codes, int threads) {
    if (vectors.type() != DType.FLOAT32 || vectors.dim(-1) != width) {
      throw new IllegalArgumentException(
          "nearest code: expected float32 (%d, %d), found %s"
              .formatted(codes.length, width, vectors));
    }
    Parallel.ranges(
        threads, codes.length, BLOCK, (from, to) -> new Scratch().assign(vectors, codes, from, to));
  }

  /** One thread's rows and running bests. */
  private final class Scratch {
    /** Rows of the block in groups of four: [(group * width + d) * ROWS + row of the group]. */
    private final float[] rows = new float[BLOCK * width];

    private final float[] row = new float[width];
    private final float[] best = new float[BLOCK];
    private final int[] bestCode = new int[BLOCK];
    private final float[] lanes = new float[PANEL];

    void assign(Tensor vectors, int[] codes, int from, int to) {
      for (int start = from; start < to; start += BLOCK) {
        int count = Math.min(BLOCK, to - start);
        load(vectors.segment(), start, count);
        Arrays.fill(best, Float.NEGATIVE_INFINITY);
        Arrays.fill(bestCode, 0);
        int groups = Math.ceilDiv(count, ROWS);
        for (int panel = 0; panel < panels; panel++) {
          for (int group = 0; group < groups; group++) {
            score(panel, group);
          }
        }
        System.arraycopy(bestCode, 0, codes, start, count);
      }
    }

    private void load(MemorySegment vectors, int start, int count) {
      for (int i = 0; i < count; i++) {
        long offset = (long) (start + i) * width * Float.BYTES;
        MemorySegment.copy(vectors, ValueLayout.JAVA_FLOAT, offset, row, 0, width);
        int base = i / ROWS * width * ROWS + i % ROWS;
        for (int d = 0; d < width; d++) {
          rows[base + d * ROWS] = row[d];
        }
      }
    }

    private void score(int panel, int group) {
      FloatVector first = FloatVector.fromArray(LANES, offsets, panel * PANEL);
      FloatVector second = FloatVector.fromArray(LANES, offsets, panel * PANEL + LANE);
      FloatVector a0 = first;
      FloatVector a1 = second;
      FloatVector b0 = first;
      FloatVector b1 = second;
      FloatVector c0 = first;
      FloatVector c1 = second;
      FloatVector d0 = first;
      FloatVector d1 = second;
      int r = group * width * ROWS;
      int p = panel * width * PANEL;
      for (int d = 0; d < width; d++, r += ROWS, p += PANEL) {
        FloatVector p0 = FloatVector.fromArray(LANES, packed, p);
        FloatVector p1 = FloatVector.fromArray(LANES, packed, p + LANE);
        FloatVector x = FloatVector.broadcast(LANES, rows[r]);
        a0 = x.fma(p0, a0);
        a1 = x.fma(p1, a1);
        x = FloatVector.broadcast(LANES, rows[r + 1]);
        b0 = x.fma(p0, b0);
        b1 = x.fma(p1, b1);
        x = FloatVector.broadcast(LANES, rows[r + 2]);
        c0 = x.fma(p0, c0);
        c1 = x.fma(p1, c1);
        x = FloatVector.broadcast(LANES, rows[r + 3]);
        d0 = x.fma(p0, d0);
        d1 = x.fma(p1, d1);
      }
      int i = group * ROWS;
      keep(i, panel, a0, a1);
      keep(i + 1, panel, b0, b1);
      keep(i + 2, panel, c0, c1);
      keep(i + 3, panel, d0, d1);
    }

    /** A better code gets rare quickly, so one compare and a branch beat keeping bests in lanes. */
    private void keep(int i, int panel, FloatVector low, FloatVector high) {
      VectorMask<Float> better = low.max(high).compare(VectorOperators.GT, best[i]);
      if (better.anyTrue()) {
        low.intoArray(lanes, 0);
        high.intoArray(lanes, LANE);
        for (int lane = 0; lane < PANEL; lane++) {
          if (lanes[lane] > best[i]) {
            best[i] = lanes[lane];
            bestCode[i] = panel * PANEL + lane;
          }
        }
      }
    }
  }
}
