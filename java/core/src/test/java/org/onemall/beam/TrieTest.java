package org.onemall.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.onemall.semanticid.RandomSids;
import org.onemall.semanticid.SemanticIds;
import org.onemall.semanticid.SidIndex;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class TrieTest {
  @Test
  void agreesWithASetOfTuples() {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      int[] sizes = random.ints(1 + random.nextInt(4), 1, 9).toArray();
      int items = 1 + random.nextInt(200);
      int[][] codes = RandomSids.codes(random, sizes, items);
      Trie trie = Trie.of(SidIndex.of(SemanticIds.of(sizes, codes), 0));
      for (int level = 0; level < sizes.length; level++) {
        TreeSet<int[]> prefixes = new TreeSet<>(Arrays::compare);
        for (int item = 0; item < items; item++) {
          int[] prefix = new int[level + 1];
          for (int l = 0; l <= level; l++) {
            prefix[l] = codes[l][item];
          }
          prefixes.add(prefix);
        }
        assertThat(trie.children(level)).as("seed %d", seed).isEqualTo(prefixes.size());
        int node = 0;
        for (int[] prefix : prefixes) {
          assertThat(trie.node(prefix, level + 1)).as("seed %d", seed).isEqualTo(node);
          assertThat(trie.code(level, node)).isEqualTo(prefix[level]);
          int parent = trie.node(prefix, level);
          assertThat(trie.from(level, parent)).isLessThanOrEqualTo(node);
          assertThat(trie.to(level, parent)).isGreaterThan(node);
          node++;
        }
        int[] absent = new int[level + 1];
        for (int i = 0; i < 30; i++) {
          for (int l = 0; l <= level; l++) {
            absent[l] = random.nextInt(sizes[l]);
          }
          assertThat(trie.node(absent, level + 1) >= 0).isEqualTo(prefixes.contains(absent));
        }
      }
    }
  }

  @Test
  void aTrieWithoutItemsIsRefused() {
    SidIndex none = SidIndex.of(SemanticIds.of(new int[] {2}, new int[1][0]), 0);
    assertThatThrownBy(() -> Trie.of(none)).hasMessageContaining("at least one item");
  }

  @Test
  void priorsAreTheSharesOfSmoothedCounts() {
    try (BufferAllocator allocator = new RootAllocator()) {
      for (long seed = 1; seed <= 30; seed++) {
        Random random = new Random(seed);
        int[] sizes = {3, 4, 5};
        int items = 1 + random.nextInt(60);
        int[][] codes = RandomSids.codes(random, sizes, items);
        SidIndex index = SidIndex.of(SemanticIds.of(sizes, codes), 0);
        float[][] counts = new float[2][items];
        for (float[] snapshot : counts) {
          for (int item = 0; item < items; item++) {
            snapshot[item] = random.nextInt(20);
          }
        }
        PopularityPrior prior = PopularityPrior.of(Trie.of(index), index, counts, 0.5);
        for (int snapshot = -1; snapshot < 2; snapshot++) {
          int[] prefix = {random.nextInt(3), random.nextInt(4), 0};
          for (int level = 0; level < 3; level++) {
            try (Tensor out = Tensor.allocate(allocator, DType.FLOAT32, 2 + sizes[level])) {
              prior.fill(snapshot, prefix, level, out, 1);
              double[] expected = new double[sizes[level]];
              for (int item = 0; item < items; item++) {
                boolean under = true;
                for (int l = 0; l < level; l++) {
                  under &= codes[l][item] == prefix[l];
                }
                if (under) {
                  expected[codes[level][item]] += 0.5 + (snapshot < 0 ? 0 : counts[snapshot][item]);
                }
              }
              double sum = Arrays.stream(expected).sum();
              for (int code = 0; code < sizes[level]; code++) {
                if (expected[code] == 0) {
                  assertThat(out.getFloat(1 + code)).isEqualTo(Float.NEGATIVE_INFINITY);
                } else {
                  assertThat((double) out.getFloat(1 + code))
                      .as("seed %d, snapshot %d, level %d", seed, snapshot, level)
                      .isCloseTo(Math.log(expected[code] / sum), within(1e-5));
                }
              }
              assertThat(out.getFloat(0)).isZero();
              assertThat(out.getFloat(1 + sizes[level])).isZero();
            }
          }
        }
      }
    }
  }
}
