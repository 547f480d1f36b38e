package org.onemall.model;

import org.apache.arrow.memory.BufferAllocator;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/** Asks a network for the vector of every item. */
public final class ItemVectors {
  private ItemVectors() {}

  /**
   * Calls {@code infer(what, {item int32 (N)}, {vector float32 (N, width)})} batch by batch. What
   * shares a batch may share its rounding, so that no batch has items of two periods: those of an
   * earlier one have the same bits whatever comes later.
   *
   * @param ends of the items of each period; the last is the number of all items
   * @return FLOAT32 (items, width), row = item; belongs to the caller
   */
  public static Tensor infer(
      Model model, String what, int[] ends, int width, int batchItems, BufferAllocator allocator) {
    int items = ends[ends.length - 1];
    Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, items, width);
    try {
      int period = 0;
      for (int from = 0; from < items; ) {
        while (ends[period] <= from) {
          period++;
        }
        int size = Math.min(batchItems, ends[period] - from);
        try (Tensors in = new Tensors();
            Tensors out = new Tensors()) {
          Tensor item = in.add("item", allocator, DType.INT32, size);
          for (int i = 0; i < size; i++) {
            item.setInt(i, from + i);
          }
          Tensor vector = out.add("vector", allocator, DType.FLOAT32, size, width);
          model.infer(what, in, out);
          long rowBytes = (long) width * Float.BYTES;
          vectors.segment().asSlice(from * rowBytes, size * rowBytes).copyFrom(vector.segment());
        }
        from += size;
      }
      return vectors;
    } catch (RuntimeException e) {
      vectors.close();
      throw e;
    }
  }
}
