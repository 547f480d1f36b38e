package org.onemall.semanticid;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.codebook.Centroids;
import org.onemall.codebook.ResidualKMeans;
import org.onemall.table.TimedVectors;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * Gives vectors the codes of all levels.
 *
 * @param coarse the k-means levels before the last level
 */
public record SidCoder(
    ResidualKMeans coarse, LastLevel last, int threads, BufferAllocator allocator) {
  /**
   * What came out. Owns the residual.
   *
   * @param codes by level and row
   * @param residual what the levels before the last one left over, float32 (N, D)
   * @param distance how badly other last-level codes fit
   * @param distances squared distance of each row to what its codes stand for
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Coded(int[][] codes, Tensor residual, CodeDistance distance, double[] distances)
      implements AutoCloseable {
    /** Writes the distances as a column beside the rows that were coded; the stream stays open. */
    public void writeDistances(TimedVectors rows, OutputStream out, BufferAllocator allocator)
        throws IOException {
      Tensor column = Tensor.allocate(allocator, DType.FLOAT32, distances.length, 1);
      for (int row = 0; row < distances.length; row++) {
        column.setFloat(row, (float) distances[row]);
      }
      try (TimedVectors table = new TimedVectors(rows.item(), rows.validFromMs(), column)) {
        table.write(out, allocator);
      }
    }

    @Override
    public void close() {
      residual.close();
    }
  }

  /** Codes of each level. */
  public int[] sizes() {
    return IntStream.concat(
            coarse.levels().stream().mapToInt(Centroids::size), IntStream.of(last.values().size()))
        .toArray();
  }

  /**
   * Codes rows.
   *
   * @param vectors float32 (N, D); stays the caller's
   */
  public Coded code(Tensor vectors, Staying staying) {
    int levels = coarse.levels().size();
    ResidualKMeans.Coded coded =
        coarse.code(
            vectors,
            levels,
            threads,
            allocator,
            (residual, level, nearest) ->
                staying.choose(nearest, CodeDistance.squared(residual, level)));
    try {
      Tensor residual = coded.residual();
      CodeDistance squared = CodeDistance.squared(residual, last.values());
      int[] own = last.codes(residual, threads);
      int[][] codes = Arrays.copyOf(coded.codes(), levels + 1);
      codes[levels] = staying.choose(own, squared);
      double[] distances = new double[own.length];
      Arrays.setAll(distances, row -> squared.of(row, codes[levels][row]));
      return new Coded(codes, residual, last.distance(codes[levels], residual), distances);
    } catch (RuntimeException e) {
      coded.close();
      throw e;
    }
  }
}
