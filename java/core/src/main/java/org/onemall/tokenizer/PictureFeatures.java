package org.onemall.tokenizer;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.onemall.model.Answer;
import org.onemall.model.Model;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * What vision makes of pictures, as {@link TableSchema#PICTURE_FEATURES}: written once by the stage
 * that trains, fed again where items are embedded, so that nothing reads a picture twice.
 */
public final class PictureFeatures {
  private static final int PICTURES_PER_CALL = 256;

  /** The call that tells of tokens and width, in messages. */
  static final String SHAPE = "item encoder, shape";

  private PictureFeatures() {}

  /** Asks the network for the features of pictures that it has read. */
  static void write(
      Model model, int[] items, int[] places, OutputStream out, BufferAllocator allocator)
      throws IOException {
    Map<String, Double> shape = shape(model);
    int tokens = (int) Answer.figure(shape, SHAPE, "tokens");
    int width = (int) Answer.figure(shape, SHAPE, "width");
    try (TableWriter writer =
        new TableWriter(TableSchema.PICTURE_FEATURES.schema(tokens * width), out, allocator)) {
      for (int from = 0; from < items.length; from += PICTURES_PER_CALL) {
        int size = Math.min(PICTURES_PER_CALL, items.length - from);
        try (Tensors in = new Tensors();
            Tensors answer = new Tensors()) {
          Tensor item = in.add("item", allocator, DType.INT32, size);
          Tensor place = in.add("place", allocator, DType.INT32, size);
          for (int i = 0; i < size; i++) {
            item.setInt(i, items[from + i]);
            place.setInt(i, places[from + i]);
          }
          Tensor feature = answer.add("feature", allocator, DType.FLOAT32, size, tokens, width);
          model.infer("features", in, answer);
          for (int i = 0; i < size; i++) {
            float[] row = feature.toFloats((long) i * tokens * width, tokens * width);
            writer.setInt(0, items[from + i]).setInt(1, places[from + i]).setVector(2, row);
            writer.endRow();
          }
        }
      }
    }
  }

  /** A table without rows, of a tokenizer that reads no pictures. */
  static void writeNone(OutputStream out, BufferAllocator allocator) throws IOException {
    new TableWriter(TableSchema.PICTURE_FEATURES.schema(1), out, allocator).close();
  }

  static Map<String, Double> shape(Model model) {
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      return model.infer("shape", in, out);
    }
  }

  /**
   * Feeds {@code features}.
   *
   * @param tokens of one picture
   */
  public static void feed(Model model, Path features, int tokens, BufferAllocator allocator)
      throws IOException {
    try (TableReader reader = new TableReader(TableSchema.PICTURE_FEATURES, features, allocator)) {
      while (reader.next()) {
        try (Tensors batch = batch(reader.batch(), reader.width(), tokens, allocator)) {
          model.feed("features", batch);
        }
      }
    }
  }

  private static Tensors batch(
      VectorSchemaRoot table, int width, int tokens, BufferAllocator allocator) {
    int rows = table.getRowCount();
    Tensors batch = new Tensors();
    Tensor item = batch.add("item", allocator, DType.INT32, rows);
    Tensor place = batch.add("place", allocator, DType.INT32, rows);
    for (int row = 0; row < rows; row++) {
      item.setInt(row, ((IntVector) table.getVector("item")).get(row));
      place.setInt(row, ((IntVector) table.getVector("place")).get(row));
    }
    Tensor feature = batch.add("feature", allocator, DType.FLOAT32, rows, tokens, width / tokens);
    FixedSizeListVector list = (FixedSizeListVector) table.getVector("feature");
    Float4Vector data = (Float4Vector) list.getDataVector();
    long bytes = feature.size() * Float.BYTES;
    feature
        .segment()
        .copyFrom(
            MemorySegment.ofBuffer(data.getDataBuffer().nioBuffer(0, Math.toIntExact(bytes))));
    return batch;
  }
}
