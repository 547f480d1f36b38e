package org.onemall.item2item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class ItemPairsTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void noItemPassesTheCapAndNoPairComesTwice(long seed) {
    int items = 60;
    ItemPairs pairs = new ItemPairs(items);
    pairs.add("swing", random(seed, items, 12), 5);
    int bySwing = pairs.size();
    pairs.add("tower", random(seed + 100, items, 12), 8);
    int[] count = new int[items];
    Set<Long> seen = new HashSet<>();
    for (int pair = 0; pair < pairs.size(); pair++) {
      int a = pairs.anchor(pair);
      int b = pairs.positive(pair);
      assertThat(a).isLessThan(b);
      assertThat(seen.add((long) a * items + b)).as("seed %d", seed).isTrue();
      count[a]++;
      count[b]++;
      assertThat(Math.max(count[a], count[b]))
          .as("seed %d", seed)
          .isLessThanOrEqualTo(pair < bySwing ? 5 : 8);
      assertThat(pairs.source(pair)).isEqualTo(pair < bySwing ? "swing" : "tower");
    }
    assertThat(pairs.size()).isGreaterThan(bySwing);
  }

  /** The first source takes what it takes; the second fills up, but adds 2 of an item at most. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aSourceAddsNoMoreThanItsOwnCap(long seed) {
    int items = 60;
    ItemPairs pairs = new ItemPairs(items);
    pairs.add("swing", random(seed, items, 12), 5);
    int bySwing = pairs.size();
    pairs.add("tower", random(seed + 100, items, 12), 8, 2);
    int[] added = new int[items];
    for (int pair = bySwing; pair < pairs.size(); pair++) {
      added[pairs.anchor(pair)]++;
      added[pairs.positive(pair)]++;
    }
    assertThat(Arrays.stream(added).max()).as("seed %d", seed).hasValue(2);
  }

  private static NeighbourLists random(long seed, int items, int each) {
    Random random = new Random(seed);
    NeighbourLists neighbours = new NeighbourLists(items);
    for (int item = 0; item < items; item++) {
      BestItems best = new BestItems(each);
      for (int other = 0; other < items; other++) {
        if (other != item) {
          best.offer(other, random.nextInt(20));
        }
      }
      best.drainTo(neighbours, item);
    }
    return neighbours;
  }

  @Test
  void aHigherScoreWinsThePlace() {
    NeighbourLists offered = new NeighbourLists(3);
    offered.set(0, new int[] {1, 2}, new double[] {0.5, 0.4});
    offered.set(1, new int[] {2, 0}, new double[] {0.9, 0.5});
    ItemPairs pairs = new ItemPairs(3);
    pairs.add("swing", offered, 1);
    assertThat(pairs.size()).isEqualTo(1);
    assertThat(pairs.anchor(0)).isEqualTo(1);
    assertThat(pairs.positive(0)).isEqualTo(2);
    assertThat(pairs.score(0)).isEqualTo(0.9);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void nearestInTowerSpaceEqualsTheFullMatrix(long seed) {
    int items = 1_100;
    int width = 12;
    Random random = new Random(seed);
    try (RootAllocator allocator = new RootAllocator();
        Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, items, width)) {
      for (long i = width; i < vectors.size(); i++) {
        vectors.setFloat(i, (float) random.nextGaussian());
      }
      NeighbourLists found =
          TowerNeighbours.best(vectors, IntStream.range(0, items).toArray(), 5, 2);
      assertThat(found.count(0)).as("a vector of zeros").isZero();
      for (int item = 1; item < items; item += 97) {
        BestItems best = new BestItems(5);
        for (int other = 1; other < items; other++) {
          if (other != item) {
            best.offer(other, cosine(vectors, item, other, width));
          }
        }
        NeighbourLists expected = new NeighbourLists(items);
        best.drainTo(expected, item);
        for (int rank = 0; rank < 5; rank++) {
          assertThat(found.score(item, rank))
              .as("seed %d", seed)
              .isCloseTo(expected.score(item, rank), within(1e-5));
        }
      }
    }
  }

  private static double cosine(Tensor vectors, int a, int b, int width) {
    double dot = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int d = 0; d < width; d++) {
      double x = vectors.getFloat((long) a * width + d);
      double y = vectors.getFloat((long) b * width + d);
      dot += x * y;
      squaresA += x * x;
      squaresB += y * y;
    }
    return dot / Math.sqrt(squaresA * squaresB);
  }
}
