package org.onemall.item2item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.shop.Baskets;
import org.onemall.shop.RandomBaskets;

class CoOccurrenceTest {
  private static final int ITEMS = 25;
  private static final Item2ItemConfig.CoOccurrence CONFIG =
      new Item2ItemConfig.CoOccurrence(ITEMS, 1, 0.5, 0.8, 3, 0.25, 2, 1_000, null);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everySnapshotEqualsACountFromScratchOfWhatCameBefore(long seed) throws IOException {
    Baskets baskets = RandomBaskets.of(seed, 40, ITEMS, 6, 1_000);
    List<Long> snapshots = List.of(5L, 100L, 101L, 250L, 900L);
    List<Integer> seen = new ArrayList<>();
    CoOccurrence.forEachSnapshot(
        baskets,
        snapshots,
        CONFIG,
        seed,
        2,
        (snapshot, found) -> {
          seen.add(snapshot);
          double[][] expected = naive(baskets, snapshots.get(snapshot));
          for (int item = 0; item < ITEMS; item++) {
            double[] scores = new double[ITEMS];
            for (int rank = 0; rank < found.count(item); rank++) {
              scores[found.other(item, rank)] = found.score(item, rank);
            }
            assertThat(scores)
                .as("seed %d, snapshot %d, item %d", seed, snapshot, item)
                .containsExactly(expected[item], within(1e-12));
          }
        });
    assertThat(seen).containsExactly(0, 1, 2, 3, 4);
  }

  private static double[][] naive(Baskets baskets, long moment) {
    double[][] weight = new double[ITEMS][ITEMS];
    double[] count = new double[ITEMS];
    for (int later = 0; later < baskets.size(); later++) {
      if (baskets.timeMs(later) >= moment) {
        continue;
      }
      for (int item : items(baskets, later)) {
        count[item]++;
      }
      int earlier = later;
      for (int lag = 0; lag <= CONFIG.window() && earlier >= 0; lag++) {
        for (int i : items(baskets, earlier)) {
          for (int j : items(baskets, later)) {
            if (i != j && lag == 0) {
              weight[i][j] += CONFIG.sameRequest();
            } else if (i != j) {
              double next = CONFIG.nextRequest() * Math.pow(CONFIG.decay(), lag - 1);
              weight[i][j] += next;
              weight[j][i] += next * CONFIG.backward();
            }
          }
        }
        earlier = baskets.previous(earlier);
      }
    }
    for (int i = 0; i < ITEMS; i++) {
      for (int j = 0; j < ITEMS; j++) {
        weight[i][j] /=
            Math.sqrt((count[i] + CONFIG.shrinkage()) * (count[j] + CONFIG.shrinkage()));
      }
    }
    return weight;
  }

  private static int[] items(Baskets baskets, int request) {
    int[] items = new int[baskets.end(request) - baskets.start(request)];
    for (int i = 0; i < items.length; i++) {
      items[i] = baskets.item(baskets.start(request) + i);
    }
    return items;
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void laterEventsDoNotChangeAnEarlierSnapshot(long seed) {
    Baskets whole = RandomBaskets.of(seed, 40, ITEMS, 6, 1_000);
    Baskets cut = RandomBaskets.of(seed, 40, ITEMS, 6, 180);
    assertThat(cut.size()).isLessThan(whole.size());
    CoOccurrence fromWhole = new CoOccurrence(whole, CONFIG, seed);
    fromWhole.countUntil(180);
    CoOccurrence fromCut = new CoOccurrence(cut, CONFIG, seed);
    fromCut.countUntil(Long.MAX_VALUE);
    SwingTest.assertSame(fromCut.best(1), fromWhole.best(3), seed);
  }
}
