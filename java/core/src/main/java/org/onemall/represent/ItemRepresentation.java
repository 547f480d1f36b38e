package org.onemall.represent;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * Puts an item's parts side by side, each scaled to its weight as length, so that distances between
 * items are the weighted mixture of the parts' own.
 */
public final class ItemRepresentation {
  private ItemRepresentation() {}

  /**
   * Concatenates what has a weight.
   *
   * @param embeddings FLOAT32 (items, D)
   * @param towers FLOAT32 (items, E)
   * @return FLOAT32 (items, D + E) or narrower; belongs to the caller, as the arguments do
   */
  public static Tensor of(
      RepresentConfig config, Tensor embeddings, Tensor towers, BufferAllocator allocator) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(embeddings, config.embedding()));
    parts.add(new Part(towers, config.tower()));
    parts.removeIf(part -> part.weight() == 0);
    long items = parts.getFirst().vectors().dim(0);
    long width = 0;
    for (Part part : parts) {
      if (part.vectors().dim(0) != items) {
        throw new IllegalArgumentException(
            "represent: expected parts of equally many items, found %d and %d"
                .formatted(items, part.vectors().dim(0)));
      }
      width += part.vectors().dim(1);
    }
    Tensor all = Tensor.allocate(allocator, DType.FLOAT32, items, width);
    long offset = 0;
    for (Part part : parts) {
      copyScaled(part, all, offset);
      offset += part.vectors().dim(1);
    }
    return all;
  }

  private record Part(Tensor vectors, double weight) {}

  /** Vectors of zeros stay so. */
  private static void copyScaled(Part part, Tensor all, long offset) {
    int width = Math.toIntExact(part.vectors().dim(1));
    for (long item = 0; item < all.dim(0); item++) {
      float[] vector = part.vectors().toFloats(item * width, width);
      double squares = 0;
      for (float value : vector) {
        squares += (double) value * value;
      }
      double scale = squares == 0 ? 0 : part.weight() / Math.sqrt(squares);
      for (int d = 0; d < width; d++) {
        vector[d] = (float) (vector[d] * scale);
      }
      all.copyFrom(vector, item * all.dim(1) + offset);
    }
  }
}
