package org.onemall.bridge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/** How memory is described to the other side; none is copied. */
final class Crossing {
  private Crossing() {}

  /**
   * Tensors as name to [address, dtype, shape]. They stay the caller's, and Python forgets them.
   */
  static ObjectNode tensors(Tensors tensors) {
    ObjectNode memory = Json.object();
    tensors.byName().forEach((name, tensor) -> describe(memory.putArray(name), tensor));
    return memory;
  }

  private static void describe(ArrayNode memory, Tensor tensor) {
    ArrayNode shape = memory.add(tensor.address()).add(tensor.type().code()).addArray();
    for (long length : tensor.shape()) {
      shape.add(length);
    }
  }

  /**
   * Exports a table. Python moves the export's share of the buffers out of it and drops it with its
   * last reference; what it has not moved is dropped when the export is closed.
   */
  static Table lend(VectorSchemaRoot table) {
    if (table.getFieldVectors().isEmpty()) {
      throw new IllegalArgumentException("table: expected at least one column, found none");
    }
    BufferAllocator allocator = table.getVector(0).getAllocator();
    Table lent = new Table(ArrowArray.allocateNew(allocator), ArrowSchema.allocateNew(allocator));
    try {
      Data.exportVectorSchemaRoot(allocator, table, null, lent.array, lent.schema);
      return lent;
    } catch (RuntimeException e) {
      lent.close();
      throw e;
    }
  }

  /** A table in Arrow's C data interface: two structures that belong to Java. */
  record Table(ArrowArray array, ArrowSchema schema) implements AutoCloseable {
    /** The addresses as Python wants them: [array, schema]. */
    ArrayNode addresses() {
      return Json.array().add(array.memoryAddress()).add(schema.memoryAddress());
    }

    @Override
    public void close() {
      array.release();
      array.close();
      schema.release();
      schema.close();
    }
  }
}
