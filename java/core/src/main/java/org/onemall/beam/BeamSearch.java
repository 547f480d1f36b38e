package org.onemall.beam;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.parallel.Parallel;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * Beam search over the levels of a SID for a batch of requests, each constrained to the trie of its
 * moment (sparse rows instead of masks, as in YouTube's STATIC): the softmax runs over legal
 * children only, so that every beam is a SID that exists.
 *
 * <p>Exact, order included: a beam is skipped only when its own score, which no child exceeds, is
 * below what is kept. Results don't depend on the number of threads. All scratch is reused; one
 * search at a time.
 */
public final class BeamSearch implements AutoCloseable {
  /** Rounding may lift a child's score above its parent's by less than this. */
  private static final float SLACK = 1e-3f;

  private final int[] sizes;
  private final int width;
  private final BufferAllocator allocator;
  private final Scratch[] scratch;

  private int[] counts = {};
  private int[] nodes = {};
  private float[] scores = {};
  private int[] parents = {};
  private @Nullable Tensor parentBW;
  private @Nullable Tensor codeBW;
  private @Nullable Children children;

  /**
   * Prepares for searches.
   *
   * @param sizes codes of each level
   * @param width beams to keep
   * @param threads at most so many search, a request each
   */
  public BeamSearch(int[] sizes, int width, int threads, BufferAllocator allocator) {
    if (width < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "beam search: expected width >= 1 and threads >= 1, found %d and %d"
              .formatted(width, threads));
    }
    this.sizes = sizes.clone();
    this.width = width;
    this.allocator = allocator;
    scratch = new Scratch[threads];
    Arrays.setAll(scratch, _ -> new Scratch());
  }

  /**
   * Searches for every request.
   *
   * @param spaces where each request may look; B of them, with tries of this search's sizes
   */
  public Beams search(NextCodes next, List<SearchSpace> spaces) {
    int requests = spaces.size();
    reserve(requests);
    for (int b = 0; b < requests; b++) {
      if (!spaces.get(b).trie().hasSizes(sizes)) {
        throw new IllegalArgumentException(
            "beam search: expected tries with levels of %s codes, request %d has another"
                .formatted(Arrays.toString(sizes), b));
      }
      counts[b] = spaces.get(b).isEmpty() ? 0 : 1;
      nodes[b * width] = 0;
      scores[b * width] = 0;
    }
    int beams = 1;
    for (int level = 0; level < sizes.length; level++) {
      Children legal = level == 0 ? null : children(level, spaces, beams);
      Tensor logits = legal == null ? next.first() : next(next, level, spaces, beams, legal);
      check(logits, level, requests, legal);
      expand(new Level(level, beams, logits, legal, next.priorWeight(level)), spaces);
      beams = 1;
      for (int b = 0; b < requests; b++) {
        beams = Math.max(beams, counts[b]);
      }
    }
    return new Beams(width, counts, nodes, scores);
  }

  /** A level's logits: (B, K) without children, which level 0 has, else one for each child. */
  private record Level(
      int level, int beams, Tensor logits, @Nullable Children children, float priorWeight) {}

  private void reserve(int requests) {
    if (counts.length < requests) {
      counts = new int[requests];
      nodes = new int[Math.multiplyExact(requests, width)];
      scores = new float[requests * width];
      parents = new int[requests * width];
    }
  }

  /** What may follow the beams that are kept; these stay this object's. */
  private Children children(int level, List<SearchSpace> spaces, int beams) {
    int requests = spaces.size();
    long count = 0;
    for (int b = 0; b < requests; b++) {
      Trie trie = spaces.get(b).trie();
      for (int i = 0; i < counts[b]; i++) {
        int node = nodes[b * width + i];
        count += trie.to(level, node) - trie.from(level, node);
      }
    }
    closeChildren();
    Children legal = Children.allocate(allocator, (long) requests * beams, count);
    children = legal;
    for (int b = 0; b < requests; b++) {
      Trie trie = spaces.get(b).trie();
      int[] codes = trie.codes(level);
      for (int i = 0; i < beams; i++) {
        boolean kept = i < counts[b];
        int node = nodes[b * width + (kept ? i : 0)];
        int from = trie.from(level, node);
        legal.set((long) b * beams + i, codes, from, kept ? trie.to(level, node) : from);
      }
    }
    return legal;
  }

  /** Tells the network what is kept of the level before. */
  private Tensor next(
      NextCodes next, int level, List<SearchSpace> spaces, int beams, Children legal) {
    int requests = spaces.size();
    Tensor parent = reuse(parentBW, requests, beams);
    parentBW = parent;
    Tensor code = reuse(codeBW, requests, beams);
    codeBW = code;
    for (int b = 0; b < requests; b++) {
      Trie trie = spaces.get(b).trie();
      for (int i = 0; i < beams; i++) {
        boolean kept = i < counts[b];
        long at = (long) b * beams + i;
        parent.setInt(at, kept ? parents[b * width + i] : 0);
        code.setInt(at, kept ? trie.code(level - 1, nodes[b * width + i]) : 0);
      }
    }
    return next.next(level, parent, code, legal);
  }

  private Tensor reuse(@Nullable Tensor tensor, int requests, int beams) {
    if (tensor != null) {
      if (tensor.dim(0) == requests && tensor.dim(1) == beams) {
        return tensor;
      }
      tensor.close();
    }
    return Tensor.allocate(allocator, DType.INT32, requests, beams);
  }

  private void check(Tensor logits, int level, int requests, @Nullable Children legal) {
    long[] shape =
        legal == null ? new long[] {requests, sizes[0]} : new long[] {legal.code().size()};
    if (logits.type() != DType.FLOAT32 || !Arrays.equals(logits.shape(), shape)) {
      throw new IllegalArgumentException(
          "beam search: expected logits of level %d as FLOAT32%s, found %s"
              .formatted(level, Arrays.toString(shape), logits));
    }
  }

  private void expand(Level level, List<SearchSpace> spaces) {
    Parallel.each(
        scratch.length,
        spaces.size(),
        (worker, b) -> scratch[worker].expand(level, b, spaces.get(b)));
  }

  @Override
  public void close() {
    if (parentBW != null) {
      parentBW.close();
      parentBW = null;
    }
    if (codeBW != null) {
      codeBW.close();
      codeBW = null;
    }
    closeChildren();
  }

  private void closeChildren() {
    if (children != null) {
      children.close();
      children = null;
    }
  }

  /** What one thread needs to expand one request by one level. */
  private final class Scratch {
    private final BestNodes best = new BestNodes(width);
    private final LogSoftmax softmax;

    /** First child and beam of each beam, packed and sorted by child. */
    private final long[] owners = new long[width];

    Scratch() {
      int most = 0;
      for (int size : sizes) {
        most = Math.max(most, size);
      }
      softmax = new LogSoftmax(most);
    }

    void expand(Level level, int b, SearchSpace space) {
      Trie trie = space.trie();
      int count = counts[b];
      best.reset(width);
      for (int i = 0; i < count; i++) {
        int from = trie.from(level.level, nodes[b * width + i]);
        int to = trie.to(level.level, nodes[b * width + i]);
        owners[i] = (long) from << 32 | i;
        float score = scores[b * width + i];
        if (score < best.threshold() - SLACK) {
          continue;
        }
        load(level, (long) b * level.beams + i, space, from, to);
        if (!softmax.normalise(to - from)) {
          throw new IllegalArgumentException(
              "beam search: expected finite logits, found NaN, infinity or only -infinity for request %d, beam %d, level %d"
                  .formatted(b, i, level.level));
        }
        softmax.offer(to - from, score, from, best);
      }
      Arrays.sort(owners, 0, count);
      int kept = best.finish();
      for (int i = 0; i < kept; i++) {
        int node = best.node(i);
        nodes[b * width + i] = node;
        scores[b * width + i] = best.score(i);
        parents[b * width + i] = owner(node, count);
      }
      counts[b] = kept;
    }

    /** The beam that a child belongs to: the last one that begins at it or before. */
    private int owner(int child, int count) {
      int at = Arrays.binarySearch(owners, 0, count, (long) child << 32 | Integer.MAX_VALUE);
      return (int) owners[-at - 2];
    }

    private void load(Level level, long rowOf, SearchSpace space, int from, int to) {
      float[] logits = softmax.logits;
      MemorySegment all = level.logits.segment();
      if (level.children != null) {
        long start = level.children.start(rowOf);
        MemorySegment.copy(all, ValueLayout.JAVA_FLOAT, start * Float.BYTES, logits, 0, to - from);
      } else {
        int[] codes = space.trie().codes(level.level);
        long start = rowOf * sizes[level.level];
        for (int child = from; child < to; child++) {
          logits[child - from] = all.getAtIndex(ValueLayout.JAVA_FLOAT, start + codes[child]);
        }
      }
      PopularityPrior prior = space.prior();
      if (prior != null && level.priorWeight != 0) {
        float[] shares = prior.of(space.snapshot(), level.level);
        for (int child = from; child < to; child++) {
          logits[child - from] += level.priorWeight * shares[child];
        }
      }
      LeafFilter allowed = space.allowed();
      if (allowed != null) {
        for (int child = from; child < to; child++) {
          if (!allowed.legal(level.level, child)) {
            logits[child - from] = Float.NEGATIVE_INFINITY;
          }
        }
      }
    }
  }
}
