package org.onemall.codebook;

import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.onemall.parallel.Parallel;
import org.onemall.tensor.Tensor;

/**
 * Lloyd's k-means. Bit for bit the same for a seed, whatever the number of threads: assignment is
 * independent per item, a centroid is the mean of its items summed in double in item order by one
 * thread, and every sum over items runs in item order.
 *
 * <p>A code without items takes the item that is farthest from its centroid (of those that are not
 * alone), which can only lower the objective; where all items sit on their centroids it stays
 * empty.
 */
public final class KMeans {
  private static final int GRAIN = 1024;

  private final Rows rows;
  private final int size;
  private final int threads;
  private final int[] codes;
  private final double[] distances;
  private float[] centroids = {};

  private KMeans(Rows rows, int size, int threads) {
    this.rows = rows;
    this.size = size;
    this.threads = threads;
    codes = new int[rows.count()];
    distances = new double[rows.count()];
  }

  /**
   * What came out.
   *
   * @param codes the nearest centroid of each item
   * @param objectives sum of squared distances at each assignment; never rises
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(Centroids centroids, int[] codes, List<Double> objectives) {
    public Result {
      objectives = List.copyOf(objectives);
    }

    /** How the fit of a level went, by name; errors are means of the items. */
    public Map<String, Object> figures(int level, int codesWanted) {
      return Map.of(
          "level",
          level,
          "items",
          codes.length,
          "codes",
          centroids.size(),
          "codes_wanted",
          codesWanted,
          "iterations",
          objectives.size() - 1,
          "first_error",
          objectives.getFirst() / codes.length,
          "error",
          objectives.getLast() / codes.length);
    }
  }

  /**
   * Fits {@code size} centroids.
   *
   * @param vectors float32 (N, D)
   * @throws IllegalArgumentException where there are fewer items than codes, or a value is not
   *     finite
   */
  public static Result fit(
      Tensor vectors,
      int size,
      CodebookConfig.Start start,
      int iterations,
      double tolerance,
      long seed,
      int threads) {
    Rows rows = Rows.of(vectors).requireFinite("k-means");
    if (rows.count() < size) {
      throw new IllegalArgumentException(
          "k-means: expected at least as many items as codes, found %d items for %d codes; lower codebook.sizes"
              .formatted(rows.count(), size));
    }
    KMeans kmeans = new KMeans(rows, size, threads);
    kmeans.start(start, new SplittableRandom(seed));
    return kmeans.run(iterations, tolerance);
  }

  private Result run(int iterations, double tolerance) {
    DoubleArrayList objectives = new DoubleArrayList();
    double last = Double.POSITIVE_INFINITY;
    for (int i = 0; ; i++) {
      new NearestCode(new Centroids(size, rows.width(), centroids))
          .of(rows.vectors(), codes, threads);
      double objective = measure();
      objectives.add(objective);
      boolean settled = i > 0 && last - objective <= tolerance * last;
      if (i == iterations || settled) {
        return new Result(new Centroids(size, rows.width(), centroids), codes, objectives);
      }
      last = objective;
      reseed();
      update();
    }
  }

  private double measure() {
    inChunks((row, i, _) ->
        distances[i] = Rows.squaredDistance(row, centroids, codes[i] * rows.width()));
    double sum = 0;
    for (double distance : distances) {
      sum += distance;
    }
    return sum;
  }

  private void reseed() {
    int[] members = new int[size];
    for (int code : codes) {
      members[code]++;
    }
    for (int empty = 0; empty < size; empty++) {
      if (members[empty] > 0) {
        continue;
      }
      int farthest = -1;
      for (int i = 0; i < codes.length; i++) {
        if (members[codes[i]] > 1 && distances[i] > (farthest < 0 ? 0 : distances[farthest])) {
          farthest = i;
        }
      }
      if (farthest < 0) {
        return;
      }
      members[codes[farthest]]--;
      members[empty]++;
      codes[farthest] = empty;
      distances[farthest] = 0;
    }
  }

  private void update() {
    int[] ends = new int[size + 1];
    for (int code : codes) {
      ends[code + 1]++;
    }
    for (int code = 0; code < size; code++) {
      ends[code + 1] += ends[code];
    }
    int[] next = Arrays.copyOf(ends, size);
    int[] items = new int[codes.length];
    for (int i = 0; i < codes.length; i++) {
      items[next[codes[i]]++] = i;
    }
    int width = rows.width();
    float[] means = centroids.clone();
    Parallel.ranges(
        threads,
        size,
        1,
        (from, to) -> {
          float[] row = new float[width];
          double[] sum = new double[width];
          for (int code = from; code < to; code++) {
            int count = ends[code + 1] - ends[code];
            if (count == 0) {
              continue;
            }
            Arrays.fill(sum, 0);
            for (int i = ends[code]; i < ends[code + 1]; i++) {
              rows.read(items[i], row);
              for (int d = 0; d < width; d++) {
                sum[d] += row[d];
              }
            }
            for (int d = 0; d < width; d++) {
              means[code * width + d] = (float) (sum[d] / count);
            }
          }
        });
    centroids = means;
  }

  private void start(CodebookConfig.Start start, SplittableRandom random) {
    centroids = new float[Math.multiplyExact(size, rows.width())];
    switch (start) {
      case SAMPLE -> sample(random);
      case KMEANS_PLUS_PLUS -> plusPlus(random);
    }
  }

  private void place(int code, int item, float[] row) {
    rows.read(item, row);
    System.arraycopy(row, 0, centroids, code * rows.width(), rows.width());
  }

  private void sample(SplittableRandom random) {
    int[] items = new int[rows.count()];
    Arrays.setAll(items, i -> i);
    float[] row = new float[rows.width()];
    for (int code = 0; code < size; code++) {
      int other = random.nextInt(code, items.length);
      int item = items[other];
      items[other] = items[code];
      place(code, item, row);
    }
  }

  /**
   * Greedy k-means++ (Arthur and Vassilvitskii, 2007, with their local trials): of 2 + ln k items
   * drawn with a probability proportional to the squared distance from the centroids so far, the
   * one that lowers the objective most. Chunk sums make a draw cheap.
   */
  private void plusPlus(SplittableRandom random) {
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
    int trials = 2 + (int) Math.log(size);
    double[] sums = new double[Math.ceilDiv(rows.count(), GRAIN)];
    float[] row = new float[rows.width()];
    place(0, random.nextInt(rows.count()), row);
    shorten(sums, 0);
    float[] candidates = new float[trials * rows.width()];
    for (int code = 1; code < size; code++) {
      int[] items = new int[trials];
      for (int trial = 0; trial < trials; trial++) {
        items[trial] = draw(random, sums);
        rows.read(items[trial], row);
        System.arraycopy(row, 0, candidates, trial * rows.width(), rows.width());
      }
      place(code, items[best(candidates, trials, sums.length)], row);
      shorten(sums, code);
    }
  }

  /** The candidate under which the sum of distances is least; ties to the first. */
  private int best(float[] candidates, int trials, int chunks) {
    int width = rows.width();
    double[] sums = new double[trials * chunks];
    inChunks((row, i, chunk) -> {
      for (int trial = 0; trial < trials; trial++) {
        double distance = Rows.squaredDistance(row, candidates, trial * width);
        sums[trial * chunks + chunk] += Math.min(distances[i], distance);
      }
    });
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int trial = 0; trial < trials; trial++) {
      double sum = 0;
      for (int chunk = 0; chunk < chunks; chunk++) {
        sum += sums[trial * chunks + chunk];
      }
      if (sum < least) {
        least = sum;
        best = trial;
      }
    }
    return best;
  }

  /** Takes a new centroid into the distances to the nearest one, and their sum per chunk. */
  private void shorten(double[] sums, int code) {
    Arrays.fill(sums, 0);
    inChunks((row, i, chunk) -> {
      double distance = Rows.squaredDistance(row, centroids, code * rows.width());
      distances[i] = Math.min(distances[i], distance);
      sums[chunk] += distances[i];
    });
  }

  @FunctionalInterface
  private interface InChunk {
    void accept(float[] row, int item, int chunk);
  }

  private void inChunks(InChunk work) {
    Parallel.ranges(
        threads,
        rows.count(),
        GRAIN,
        (from, to) -> {
          float[] row = new float[rows.width()];
          for (int i = from; i < to; i++) {
            rows.read(i, row);
            work.accept(row, i, i / GRAIN);
          }
        });
  }

  private int draw(SplittableRandom random, double[] sums) {
    double total = 0;
    for (double sum : sums) {
      total += sum;
    }
    if (total == 0) {
      return random.nextInt(rows.count());
    }
    double left = random.nextDouble() * total;
    int chunk = 0;
    while (chunk < sums.length - 1 && left >= sums[chunk]) {
      left -= sums[chunk++];
    }
    int last = Math.min(rows.count(), (chunk + 1) * GRAIN) - 1;
    int item = chunk * GRAIN;
    while (item < last && left >= distances[item]) {
      left -= distances[item++];
    }
    return item;
  }
}
