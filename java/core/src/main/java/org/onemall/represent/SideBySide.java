package org.onemall.represent;

import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * Concatenates parts, each scaled to its weight as length, so that squared distances between the
 * results are the weighted sum of the parts' own. Vectors of zeros stay so.
 */
final class SideBySide {
  private SideBySide() {}

  /**
   * One part.
   *
   * @param vectors FLOAT32 (N, D)
   * @param row which of them stands in a row of the result
   */
  record Part(Tensor vectors, IntUnaryOperator row, double weight) {
    int width() {
      return Math.toIntExact(vectors.dim(1));
    }
  }

  /**
   * Puts those parts together that have a weight.
   *
   * @return FLOAT32 (rows, sum of widths); belongs to the caller
   */
  static Tensor of(List<Part> parts, int rows, BufferAllocator allocator) {
    List<Part> weighted = parts.stream().filter(part -> part.weight() > 0).toList();
    int width = weighted.stream().mapToInt(Part::width).sum();
    Tensor all = Tensor.allocate(allocator, DType.FLOAT32, rows, width);
    int offset = 0;
    for (Part part : weighted) {
      for (int row = 0; row < rows; row++) {
        long from = (long) part.row().applyAsInt(row) * part.width();
        all.copyFrom(
            scaled(part.vectors().toFloats(from, part.width()), part.weight()),
            (long) row * width + offset);
      }
      offset += part.width();
    }
    return all;
  }

  private static float[] scaled(float[] vector, double weight) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double scale = squares == 0 ? 0 : weight / Math.sqrt(squares);
    for (int d = 0; d < vector.length; d++) {
      vector[d] = (float) (vector[d] * scale);
    }
    return vector;
  }
}
