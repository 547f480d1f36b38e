package org.onemall.codebook;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.onemall.tensor.Tensor;

/**
 * Nearest of 4096 codes on one thread, in items per CPU second and GFLOP/s; a scalar loop as the
 * reference. Arguments: width, items, rounds.
 */
final class NearestCodeBench {
  private static final int SIZE = 4_096;

  private NearestCodeBench() {}

  public static void main(String[] arguments) {
    int width = Integer.parseInt(arguments[0]);
    int items = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    Random random = new Random(1);
    Centroids centroids = new Centroids(SIZE, width, TestVectors.floats(random, SIZE * width));
    try (BufferAllocator allocator = new RootAllocator();
        Tensor vectors = TestVectors.tensor(allocator, random, items, width);
        Tensor few = TestVectors.tensor(allocator, random, items / 64, width)) {
      double[] seconds = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        double before = cpuSeconds();
        new NearestCode(centroids).of(vectors, 1);
        seconds[round] = cpuSeconds() - before;
      }
      print("vector", items, width, Arrays.copyOfRange(seconds, 2, rounds));
      double[] scalar = new double[3];
      for (int round = 0; round < scalar.length; round++) {
        double before = cpuSeconds();
        scalar(few, centroids);
        scalar[round] = cpuSeconds() - before;
      }
      print("scalar", items / 64, width, scalar);
    }
  }

  private static double cpuSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }

  private static int[] scalar(Tensor vectors, Centroids centroids) {
    int width = centroids.width();
    int[] codes = new int[Math.toIntExact(vectors.dim(0))];
    for (int i = 0; i < codes.length; i++) {
      float[] row = vectors.toFloats((long) i * width, width);
      float least = Float.POSITIVE_INFINITY;
      for (int code = 0; code < SIZE; code++) {
        float sum = 0;
        for (int d = 0; d < width; d++) {
          float difference = row[d] - centroids.values()[code * width + d];
          sum += difference * difference;
        }
        if (sum < least) {
          least = sum;
          codes[i] = code;
        }
      }
    }
    return codes;
  }

  private static void print(String name, int items, int width, double[] seconds) {
    Arrays.sort(seconds);
    double median = seconds[seconds.length / 2];
    System.out.printf(
        "%s: %d x %d, %d codes: %.0f items per CPU second (%.0f to %.0f), %.1f GFLOP/s%n",
        name,
        items,
        width,
        SIZE,
        items / median,
        items / seconds[seconds.length - 1],
        items / seconds[0],
        2.0 * items * width * SIZE / median / 1e9);
  }
}
