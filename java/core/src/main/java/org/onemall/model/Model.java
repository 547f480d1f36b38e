package org.onemall.model;

import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.onemall.tensor.Tensors;

/**
 * One network with its optimizer. Calls are synchronous and made one at a time. Tensors and tables
 * are lent for the call only: the model copies what it keeps, and writes answers into tensors that
 * the caller provides. Every call may throw {@link ModelException}.
 */
public interface Model extends AutoCloseable {
  /** Hands over data to keep (catalogue features, say). */
  void feed(String what, Tensors tensors);

  /** Hands over a table to keep (texts, say). */
  void feed(String what, VectorSchemaRoot table);

  /**
   * One optimizer step on a batch; returns losses and other figures. A loss that is not finite
   * throws before any weight changes.
   *
   * @param what the step's name: a network may be trained in several ways
   */
  Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings);

  /** A forward pass without gradients: reads {@code in}, fills {@code out}, returns scalars. */
  Map<String, Double> infer(String what, Tensors in, Tensors out);

  /**
   * Writes weights, or with {@code training} also optimizer, random state and buffers, as one
   * safetensors file.
   */
  void save(Path file, boolean training);

  /** Reads what {@link #save} wrote with the same {@code training}. */
  void load(Path file, boolean training);

  /**
   * Takes the weights of another open network of the same kind and sizes, in memory; optimizer,
   * random state and what was fed stay as they are.
   */
  void copyFrom(Model source);

  @Override
  void close();
}
