package org.onemall.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Named tensors that travel together, in the order in which they were added. Owns what was put or
 * added, not what was lent: {@link #close} closes the former.
 */
public final class Tensors implements AutoCloseable {
  private final Map<String, Tensor> byName = new LinkedHashMap<>();
  private final List<Tensor> owned = new ArrayList<>();

  /** Adds a tensor, which now belongs to this; names are unique. */
  public Tensors put(String name, Tensor tensor) {
    lend(name, tensor);
    owned.add(tensor);
    return this;
  }

  /** Adds a tensor that stays the caller's; names are unique. */
  public Tensors lend(String name, Tensor tensor) {
    if (byName.putIfAbsent(name, tensor) != null) {
      throw new IllegalArgumentException("tensors: '" + name + "' is there already");
    }
    return this;
  }

  /** Allocates, adds and returns a zeroed tensor. */
  public Tensor add(String name, BufferAllocator allocator, DType type, long... shape) {
    Tensor tensor = Tensor.allocate(allocator, type, shape);
    put(name, tensor);
    return tensor;
  }

  /** The tensor of that name; it stays this object's. */
  public Tensor get(String name) {
    Tensor tensor = byName.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "tensors: no '" + name + "', there are " + byName.keySet());
    }
    return tensor;
  }

  /** An unmodifiable view in insertion order. */
  public Map<String, Tensor> byName() {
    return Collections.unmodifiableMap(byName);
  }

  @Override
  public void close() {
    owned.forEach(Tensor::close);
    owned.clear();
    byName.clear();
  }
}
