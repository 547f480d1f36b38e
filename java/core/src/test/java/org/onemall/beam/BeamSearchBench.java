package org.onemall.beam;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.semanticid.SemanticIds;
import org.onemall.semanticid.SidIndex;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * Constrained beam search, 3 levels of 4096 codes, 768 beams, on one thread: CPU milliseconds a
 * request, logits given. Arguments: items, rounds.
 */
final class BeamSearchBench {
  private static final int SIZE = 4_096;
  private static final int WIDTH = 768;

  private BeamSearchBench() {}

  /** The same random logits whatever the prefix. */
  private static final class RandomLogits implements NextCodes, AutoCloseable {
    private final Tensor first;
    private final float[] random;
    private final BufferAllocator allocator;
    private @Nullable Tensor answer;

    RandomLogits(Tensor first, float[] random, BufferAllocator allocator) {
      this.first = first;
      this.random = random;
      this.allocator = allocator;
    }

    @Override
    public Tensor first() {
      return first;
    }

    @Override
    public Tensor next(int level, Tensor parentBW, Tensor codeBW, Children children) {
      close();
      Tensor logits = Tensor.allocate(allocator, DType.FLOAT32, children.code().size());
      for (long start = 0; start < logits.size(); start += random.length) {
        int length = (int) Math.min(random.length, logits.size() - start);
        logits.copyFrom(Arrays.copyOf(random, length), start);
      }
      answer = logits;
      return logits;
    }

    @Override
    public void close() {
      if (answer != null) {
        answer.close();
      }
    }
  }

  public static void main(String[] arguments) {
    int items = Integer.parseInt(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    Random random = new Random(1);
    int[] sizes = {SIZE, SIZE, SIZE};
    int[][] codes = new int[3][items];
    for (int[] level : codes) {
      Arrays.setAll(level, _ -> random.nextInt(SIZE));
    }
    double start = cpuSeconds();
    SidIndex index = SidIndex.of(SemanticIds.of(sizes, codes), 0);
    double indexed = cpuSeconds();
    Trie trie = Trie.of(index);
    System.out.printf(
        "%d items, %d SIDs: index %.0f ms, trie %.0f ms%n",
        items, index.leaves(), 1e3 * (indexed - start), 1e3 * (cpuSeconds() - indexed));
    try (BufferAllocator allocator = new RootAllocator();
        Tensor first = Tensor.allocate(allocator, DType.FLOAT32, 1, SIZE);
        BeamSearch search = new BeamSearch(sizes, WIDTH, 1, allocator)) {
      float[] logits = new float[WIDTH * SIZE / 16];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) random.nextGaussian();
      }
      first.copyFrom(Arrays.copyOf(logits, SIZE), 0);
      double[] seconds = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        double before = cpuSeconds();
        try (RandomLogits next = new RandomLogits(first, logits, allocator)) {
          search.search(next, List.of(new SearchSpace(trie, null, 0, null)));
        }
        seconds[round] = cpuSeconds() - before;
      }
      double[] warm = Arrays.copyOfRange(seconds, rounds / 2, rounds);
      Arrays.sort(warm);
      System.out.printf(
          "search: median %.2f CPU ms a request (%.2f to %.2f)%n",
          1e3 * warm[warm.length / 2], 1e3 * warm[0], 1e3 * warm[warm.length - 1]);
    }
  }

  private static double cpuSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }
}
