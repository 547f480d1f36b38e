package org.onemall.codebook;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.NullUnmarked;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Codebooks on one thread: the nearest of the codes, k-means' start (greedy k-means++ and the one
 * assignment after it), and a whole fit. Vectors are normal around 200 points.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
@NullUnmarked // JMH fills the fields in
public class CodebookBenchmark {
  private static final int POINTS = 200;
  private static final int ITERATIONS = 50;
  private static final double TOLERANCE = 1e-4;

  @Param("12000")
  int items;

  @Param("448")
  int width;

  @Param("64")
  int size;

  private BufferAllocator allocator;
  private Tensor vectors;
  private NearestCode nearest;

  /** Makes the vectors and the codes. */
  @Setup
  public void open() {
    Random random = new Random(1);
    float[] points = normal(random, POINTS * width);
    float[] values = normal(random, items * width);
    for (int i = 0; i < items; i++) {
      int point = random.nextInt(POINTS) * width;
      for (int d = 0; d < width; d++) {
        values[i * width + d] += points[point + d];
      }
    }
    allocator = new RootAllocator();
    vectors = Tensor.allocate(allocator, DType.FLOAT32, items, width).copyFrom(values, 0);
    nearest = new NearestCode(new Centroids(size, width, normal(random, size * width)));
  }

  private static float[] normal(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Gives the memory back. */
  @TearDown
  public void close() {
    vectors.close();
    allocator.close();
  }

  @Benchmark
  public int[] nearestCodes() {
    return nearest.of(vectors, 1);
  }

  @Benchmark
  public KMeans.Result kMeansStart() {
    return KMeans.fit(vectors, size, CodebookConfig.Start.KMEANS_PLUS_PLUS, 0, TOLERANCE, 1, 1);
  }

  @Benchmark
  public KMeans.Result kMeans() {
    return KMeans.fit(
        vectors, size, CodebookConfig.Start.KMEANS_PLUS_PLUS, ITERATIONS, TOLERANCE, 1, 1);
  }
}
