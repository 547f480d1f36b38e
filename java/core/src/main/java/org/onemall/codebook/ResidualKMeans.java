package org.onemall.codebook;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.parallel.Parallel;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * The k-means levels of a codebook (section 3.1.3 of the paper, Eq. 2): each level codes what the
 * levels before it left over.
 */
public record ResidualKMeans(List<Centroids> levels) {
  public ResidualKMeans {
    levels = List.copyOf(levels);
    for (Centroids level : levels) {
      if (level.width() != levels.getFirst().width()) {
        throw new IllegalArgumentException(
            "residual k-means: expected one width, found %d and %d"
                .formatted(levels.getFirst().width(), level.width()));
      }
    }
  }

  /**
   * Codes per level and item, and what those levels left over: float32 (N, D). Owns the residual.
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Coded(int[][] codes, Tensor residual) implements AutoCloseable {
    @Override
    public void close() {
      residual.close();
    }
  }

  /**
   * Fits every level. Where there are fewer different vectors than codes, a level has as many codes
   * as vectors.
   *
   * @param vectors float32 (N, D); stays the caller's
   * @param progress told each level and its k-means result
   */
  public static ResidualKMeans fit(
      Tensor vectors,
      CodebookConfig config,
      long seed,
      int threads,
      BufferAllocator allocator,
      BiConsumer<Integer, KMeans.Result> progress) {
    SplittableRandom seeds = new SplittableRandom(seed);
    List<Centroids> levels = new ArrayList<>();
    try (Tensor residual = copy(vectors, allocator)) {
      for (int size : config.sizes()) {
        KMeans.Result result =
            KMeans.fit(
                residual,
                Rows.of(residual).distinct(size),
                config.start(),
                config.iterations(),
                config.tolerance(),
                seeds.nextLong(),
                threads);
        progress.accept(levels.size(), result);
        levels.add(result.centroids());
        subtract(residual, result.centroids(), result.codes(), threads);
      }
    }
    return new ResidualKMeans(levels);
  }

  /** Has the last word on a level's codes. */
  @FunctionalInterface
  public interface Choice {
    /**
     * Chooses.
     *
     * @param residual what the levels before left over of each row
     * @param nearest the nearest centroid of each row
     */
    int[] choose(Tensor residual, Centroids level, int[] nearest);
  }

  /**
   * Codes vectors by the first {@code depth} levels, each row by the nearest centroid.
   *
   * @param vectors float32 (N, D); stays the caller's
   */
  public Coded code(Tensor vectors, int depth, int threads, BufferAllocator allocator) {
    return code(vectors, depth, threads, allocator, (residual, level, nearest) -> nearest);
  }

  /** The same, where {@code choice} may prefer another centroid than the nearest one. */
  public Coded code(
      Tensor vectors, int depth, int threads, BufferAllocator allocator, Choice choice) {
    int[][] codes = new int[depth][];
    Tensor residual = copy(vectors, allocator);
    try {
      Rows.of(residual).requireFinite("codes");
      for (int level = 0; level < depth; level++) {
        int[] nearest = new NearestCode(levels.get(level)).of(residual, threads);
        codes[level] = choice.choose(residual, levels.get(level), nearest);
        subtract(residual, levels.get(level), codes[level], threads);
      }
      return new Coded(codes, residual);
    } catch (RuntimeException e) {
      residual.close();
      throw e;
    }
  }

  private static Tensor copy(Tensor vectors, BufferAllocator allocator) {
    Tensor copy = Tensor.allocate(allocator, DType.FLOAT32, vectors.shape());
    MemorySegment.copy(vectors.segment(), 0, copy.segment(), 0, copy.segment().byteSize());
    return copy;
  }

  private static void subtract(Tensor residual, Centroids centroids, int[] codes, int threads) {
    int width = centroids.width();
    Parallel.ranges(
        threads,
        codes.length,
        1024,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            for (int d = 0; d < width; d++) {
              long at = (long) i * width + d;
              residual.setFloat(
                  at, residual.getFloat(at) - centroids.values()[codes[i] * width + d]);
            }
          }
        });
  }
}
