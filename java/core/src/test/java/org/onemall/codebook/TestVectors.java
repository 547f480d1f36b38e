package org.onemall.codebook;

import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/** Random vectors for tests. */
public final class TestVectors {
  private TestVectors() {}

  public static float[] floats(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Standard normal. */
  public static Tensor tensor(BufferAllocator allocator, Random random, int rows, int width) {
    return Tensor.allocate(allocator, DType.FLOAT32, rows, width)
        .copyFrom(floats(random, rows * width), 0);
  }

  /** Rows around {@code centers} far-apart points. */
  public static Tensor clusters(
      BufferAllocator allocator, Random random, int rows, int width, int centers) {
    float[] center = floats(random, centers * width);
    float[] values = floats(random, rows * width);
    for (int i = 0; i < rows; i++) {
      int at = random.nextInt(centers) * width;
      for (int d = 0; d < width; d++) {
        values[i * width + d] = 0.3f * values[i * width + d] + 3 * center[at + d];
      }
    }
    return Tensor.allocate(allocator, DType.FLOAT32, rows, width).copyFrom(values, 0);
  }
}
