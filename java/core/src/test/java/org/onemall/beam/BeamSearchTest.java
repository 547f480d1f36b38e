package org.onemall.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.onemall.semanticid.RandomSids;
import org.onemall.semanticid.SemanticIds;
import org.onemall.semanticid.SidIndex;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class BeamSearchTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsFreed() {
    allocator.close();
  }

  /** A network whose logits are a function of request and prefix. */
  private static class Fake implements NextCodes, AutoCloseable {
    private final BufferAllocator allocator;
    private final int[] sizes;
    private final int requests;
    private final long seed;
    private final float priorWeight;
    private int[][][] prefixes;
    private @Nullable Tensor logits;

    Fake(BufferAllocator allocator, int[] sizes, int requests, long seed, float priorWeight) {
      this.allocator = allocator;
      this.sizes = sizes;
      this.requests = requests;
      this.seed = seed;
      this.priorWeight = priorWeight;
      prefixes = new int[requests][1][0];
    }

    float logit(int request, int[] prefix, int code) {
      return (float)
          new Random(31 * (31 * seed + request) + 17L * Arrays.hashCode(prefix) + 7_919L * code)
              .nextGaussian(0, 2);
    }

    @Override
    public Tensor first() {
      prefixes = new int[requests][1][0];
      Tensor filled = answer(requests, sizes[0]);
      for (int b = 0; b < requests; b++) {
        for (int code = 0; code < sizes[0]; code++) {
          filled.setFloat((long) b * sizes[0] + code, logit(b, prefixes[b][0], code));
        }
      }
      return filled;
    }

    @Override
    public Tensor next(int level, Tensor parentBW, Tensor codeBW, Children children) {
      int beams = (int) parentBW.dim(1);
      int[][][] longer = new int[requests][beams][];
      for (int b = 0; b < requests; b++) {
        for (int w = 0; w < beams; w++) {
          int[] prefix = prefixes[b][parentBW.getInt((long) b * beams + w)];
          longer[b][w] = Arrays.copyOf(prefix, prefix.length + 1);
          longer[b][w][prefix.length] = codeBW.getInt((long) b * beams + w);
        }
      }
      prefixes = longer;
      Tensor filled = answer(children.code().size());
      for (int row = 0; row < requests * beams; row++) {
        for (int j = children.start(row); j < children.start(row + 1); j++) {
          int code = children.code().getInt(j);
          filled.setFloat(j, logit(row / beams, prefixes[row / beams][row % beams], code));
        }
      }
      return filled;
    }

    private Tensor answer(long... shape) {
      close();
      Tensor answer = Tensor.allocate(allocator, DType.FLOAT32, shape);
      logits = answer;
      return answer;
    }

    @Override
    public float priorWeight(int level) {
      return priorWeight;
    }

    @Override
    public void close() {
      if (logits != null) {
        logits.close();
      }
    }
  }

  private record Scored(int node, double score) {}

  /** The same search with plain loops over all children in double precision. */
  private static List<Scored> reference(
      Fake fake,
      SidIndex index,
      Trie trie,
      @Nullable PopularityPrior prior,
      int snapshot,
      int request,
      int width,
      IntPredicate allowed) {
    List<Scored> beams = List.of(new Scored(0, 0));
    int[] sid = new int[index.levels()];
    for (int level = 0; level < index.levels(); level++) {
      List<Scored> next = new ArrayList<>();
      for (Scored beam : beams) {
        List<Scored> children = new ArrayList<>();
        double sum = 0;
        for (int c = trie.from(level, beam.node); c < trie.to(level, beam.node); c++) {
          int leaf = firstAllowed(index, trie, level, c, allowed);
          if (leaf < 0) {
            continue;
          }
          index.codes(leaf, sid);
          double logit = fake.logit(request, Arrays.copyOf(sid, level), sid[level]);
          if (prior != null) {
            logit += (double) fake.priorWeight(level) * prior.of(snapshot, level)[c];
          }
          children.add(new Scored(c, logit));
          sum += Math.exp(logit);
        }
        for (Scored child : children) {
          next.add(new Scored(child.node, beam.score + child.score - Math.log(sum)));
        }
      }
      next.sort(Comparator.comparingDouble((Scored s) -> -s.score).thenComparingInt(Scored::node));
      beams = next.subList(0, Math.min(width, next.size()));
    }
    return beams;
  }

  private static int firstAllowed(
      SidIndex index, Trie trie, int level, int child, IntPredicate allowed) {
    int[] sid = new int[index.levels()];
    for (int leaf = 0; leaf < index.leaves(); leaf++) {
      index.codes(leaf, sid);
      if (trie.node(sid, level + 1) == child && allowed.test(leaf)) {
        return leaf;
      }
    }
    return -1;
  }

  @Test
  void agreesWithAPlainSearchOrderIncludedWhereverEachRequestMayLook() {
    for (long seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      int[] sizes = random.ints(1 + random.nextInt(3), 1, 40).toArray();
      int requests = 1 + random.nextInt(4);
      int width = 1 + random.nextInt(100);
      IntPredicate allowed = leaf -> leaf % 3 != 1;
      List<SidIndex> indexes = new ArrayList<>();
      List<SearchSpace> spaces = new ArrayList<>();
      for (int b = 0; b < requests; b++) {
        boolean again = b > 0 && random.nextBoolean();
        SidIndex index =
            again ? indexes.getLast() : RandomSids.index(random, sizes, 1 + random.nextInt(150));
        Trie trie = again ? spaces.getLast().trie() : Trie.of(index);
        float[][] counts = new float[1][index.leaves()];
        counts[0][0] = 50;
        indexes.add(index);
        spaces.add(
            new SearchSpace(
                trie,
                random.nextBoolean() ? PopularityPrior.of(trie, index, counts, 1) : null,
                random.nextInt(2) - 1,
                random.nextBoolean() ? LeafFilter.of(trie, allowed) : null));
      }
      try (Fake fake = new Fake(allocator, sizes, requests, seed, 0.7f);
          BeamSearch search = new BeamSearch(sizes, width, 1 + random.nextInt(2), allocator)) {
        Beams beams = search.search(fake, spaces);
        for (int b = 0; b < requests; b++) {
          SearchSpace space = spaces.get(b);
          List<Scored> expected =
              reference(
                  fake,
                  indexes.get(b),
                  space.trie(),
                  space.prior(),
                  space.snapshot(),
                  b,
                  width,
                  leaf -> space.allowed() == null || allowed.test(leaf));
          assertThat(beams.count(b)).as("seed %d", seed).isEqualTo(expected.size());
          for (int i = 0; i < expected.size(); i++) {
            assertThat(beams.leaf(b, i))
                .as("seed %d, request %d, rank %d", seed, b, i)
                .isEqualTo(expected.get(i).node);
            assertThat((double) beams.logProbability(b, i))
                .isCloseTo(expected.get(i).score, within(2e-5));
          }
        }
      }
    }
  }

  @Test
  void aWideBeamFindsEverySidAndItsProbabilitiesAddUpToOne() {
    Random random = new Random(3);
    int[] sizes = {50, 50, 50};
    SidIndex index = RandomSids.index(random, sizes, 400);
    try (Fake fake = new Fake(allocator, sizes, 2, 1, 0);
        BeamSearch search = new BeamSearch(sizes, 768, 2, allocator)) {
      SearchSpace everywhere = new SearchSpace(Trie.of(index), null, 0, null);
      Beams beams = search.search(fake, List.of(everywhere, everywhere));
      for (int b = 0; b < 2; b++) {
        double sum = 0;
        boolean[] seen = new boolean[index.leaves()];
        for (int i = 0; i < beams.count(b); i++) {
          sum += Math.exp(beams.logProbability(b, i));
          seen[beams.leaf(b, i)] = true;
        }
        assertThat(beams.count(b)).isEqualTo(index.leaves());
        assertThat(sum).isCloseTo(1, within(1e-4));
        for (boolean each : seen) {
          assertThat(each).isTrue();
        }
      }
    }
  }

  @Test
  void tiesComeInTheOrderOfTheirCodes() {
    int[] sizes = {8, 8};
    int[][] codes = new int[2][64];
    for (int item = 0; item < 64; item++) {
      codes[0][item] = item / 8;
      codes[1][item] = item % 8;
    }
    SidIndex index = SidIndex.of(SemanticIds.of(sizes, codes), 0);
    Fake flat =
        new Fake(allocator, sizes, 1, 1, 0) {
          @Override
          float logit(int request, int[] prefix, int code) {
            return 0;
          }
        };
    try (flat;
        BeamSearch search = new BeamSearch(sizes, 20, 1, allocator)) {
      SearchSpace everywhere = new SearchSpace(Trie.of(index), null, 0, null);
      Beams beams = search.search(flat, List.of(everywhere));
      for (int i = 0; i < 20; i++) {
        assertThat(beams.leaf(0, i)).isEqualTo(i);
      }
    }
  }

  @Test
  void nothingAllowedFindsNothing() {
    int[] sizes = {3, 3};
    SidIndex index = RandomSids.index(new Random(1), sizes, 5);
    Trie trie = Trie.of(index);
    try (Fake fake = new Fake(allocator, sizes, 1, 1, 0);
        BeamSearch search = new BeamSearch(sizes, 4, 1, allocator)) {
      SearchSpace nowhere = new SearchSpace(trie, null, 0, LeafFilter.of(trie, _ -> false));
      assertThat(search.search(fake, List.of(nowhere)).count(0)).isZero();
    }
  }

  @Test
  void aTrieOfAnotherCodebookIsRefused() {
    SidIndex index = RandomSids.index(new Random(1), new int[] {3, 4}, 5);
    int[] sizes = {3, 3};
    try (Fake fake = new Fake(allocator, sizes, 1, 1, 0);
        BeamSearch search = new BeamSearch(sizes, 4, 1, allocator)) {
      SearchSpace other = new SearchSpace(Trie.of(index), null, 0, null);
      assertThatThrownBy(() -> search.search(fake, List.of(other)))
          .hasMessageContaining("levels of [3, 3] codes, request 0 has another");
    }
  }

  @Test
  void notANumberIsNamed() {
    int[] sizes = {3, 3};
    SidIndex index = RandomSids.index(new Random(1), sizes, 5);
    Fake broken =
        new Fake(allocator, sizes, 2, 1, 0) {
          @Override
          float logit(int request, int[] prefix, int code) {
            return request == 1 && prefix.length == 1 ? Float.NaN : 0;
          }
        };
    try (broken;
        BeamSearch search = new BeamSearch(sizes, 4, 1, allocator)) {
      SearchSpace everywhere = new SearchSpace(Trie.of(index), null, 0, null);
      assertThatThrownBy(() -> search.search(broken, List.of(everywhere, everywhere)))
          .hasMessageContaining("request 1, beam 0, level 1");
    }
  }

  @Test
  void theBestOfAStreamAreThoseOfASort() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      int width = 1 + random.nextInt(100);
      BestNodes best = new BestNodes(width);
      List<Scored> all = new ArrayList<>();
      int count = random.nextInt(3_000);
      for (int node = 0; node < count; node++) {
        float score = random.nextInt(60) / 4f - 7;
        all.add(new Scored(node, score));
      }
      Collections.shuffle(all, random);
      for (Scored each : all) {
        if (each.score >= best.threshold()) {
          best.add((float) each.score, each.node);
        }
      }
      all.sort(Comparator.comparingDouble((Scored s) -> -s.score).thenComparingInt(Scored::node));
      int kept = best.finish();
      assertThat(kept).as("seed %d", seed).isEqualTo(Math.min(width, count));
      for (int i = 0; i < kept; i++) {
        assertThat(new Scored(best.node(i), best.score(i)))
            .as("seed %d, rank %d", seed, i)
            .isEqualTo(all.get(i));
      }
    }
  }
}
