package org.onemall.retrieve;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.model.Model;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * The retriever's network as retrieval asks it. B = requests, T = history length, P = neighbours,
 * K_l = codes of level l, D = width.
 */
public final class RetrieverModel {
  private final Model model;
  private final int[] codes;
  private final int width;
  private final BufferAllocator allocator;

  /**
   * @param model a trained retriever that knows its items; it stays the caller's
   * @param codes number of codes of each level
   * @param width D
   */
  public RetrieverModel(Model model, int[] codes, int width, BufferAllocator allocator) {
    this.model = model;
    this.codes = codes.clone();
    this.width = width;
    this.allocator = allocator;
  }

  /**
   * Encodes requests; the network holds the context of one batch, so an encoding is good until the
   * next one. The batch may be closed afterwards, the encoding belongs to the caller.
   *
   * @param batch of {@link org.onemall.sample.Assembler#inputs}
   * @param behavior whose history the pointer copies from
   */
  public Encoding encode(Tensors batch, String behavior) {
    Tensor history = batch.get(behavior + "_item");
    Tensor neighbour = batch.get("neighbour_item");
    long requests = history.dim(0);
    Tensors out = new Tensors();
    try {
      out.add("logits_0", allocator, DType.FLOAT32, requests, codes[0]);
      out.add("gate", allocator, DType.FLOAT32, requests, Encoding.WAYS);
      out.add("copy_history", allocator, DType.FLOAT32, requests, history.dim(1));
      out.add("copy_neighbour", allocator, DType.FLOAT32, requests, neighbour.dim(1));
      out.add("user", allocator, DType.FLOAT32, requests, width);
      out.add("tower_copy", allocator, DType.FLOAT32, requests, history.dim(1));
      Map<String, Double> figures = new LinkedHashMap<>(model.infer("start", batch, out));
      return new Encoding(model, history, neighbour, out, figures, allocator);
    } catch (RuntimeException e) {
      out.close();
      throw e;
    }
  }

  /** The item tower's vectors with the weights that the network has now. */
  TowerVectors tower() {
    return new TowerVectors(model, codes, width, allocator);
  }
}
