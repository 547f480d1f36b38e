package org.onemall.item2item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.shop.RandomBaskets;

class CommercialTest {
  private static final int ITEMS = 25;

  private static NeighbourLists swing(Baskets baskets) {
    Item2ItemConfig.Swing config = new Item2ItemConfig.Swing(1, 1_000, 1_000, null, null);
    return Swing.best(baskets, baskets.size(), config, ITEMS, 1, 1);
  }

  private static double score(NeighbourLists neighbours, int item, int other) {
    for (int rank = 0; rank < neighbours.count(item); rank++) {
      if (neighbours.other(item, rank) == other) {
        return neighbours.score(item, rank);
      }
    }
    return 0;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void isTheWeightedSumAndNamesWhoKnowsThePair(long seed) {
    NeighbourLists click = swing(RandomBaskets.of(seed, 30, ITEMS, 4, 1_000));
    NeighbourLists buy = swing(RandomBaskets.of(seed + 50, 8, ITEMS, 3, 1_000));
    Commercial commercial =
        new Commercial(List.of("click", "buy"), List.of(click, buy), new double[] {1, 3}, ITEMS);
    int both = 0;
    for (int item = 0; item < ITEMS; item++) {
      for (int other = 0; other < ITEMS; other++) {
        double clicked = score(click, item, other);
        double bought = score(buy, item, other);
        if (other != item && clicked + bought > 0) {
          assertThat(score(commercial.neighbours(), item, other))
              .as("seed %d, %d and %d", seed, item, other)
              .isCloseTo(clicked + 3 * bought, within(1e-12));
          assertThat(commercial.source(item, other))
              .isEqualTo("swing" + (clicked > 0 ? "_click" : "") + (bought > 0 ? "_buy" : ""));
          both += clicked > 0 && bought > 0 ? 1 : 0;
        }
      }
    }
    assertThat(both).isPositive();
  }

  @Test
  void behaviorsAreCheckedByName() {
    assertThatThrownBy(() -> new Item2ItemConfig.Swing(1, 9, 9, Map.of("clicks", 1.0), null))
        .hasMessageContaining("'clicks'")
        .hasMessageContaining("long_view");
    assertThatThrownBy(() -> new Item2ItemConfig.Swing(1, 9, 9, Map.of("buy", -1.0), null))
        .hasMessageContaining("a weight above 0");
    assertThat(
            new Item2ItemConfig.Swing(1, 9, 9, Map.of("buy", 3.0, "click", 1.0), null)
                .weights(Behavior.LIKE)
                .keySet())
        .containsExactly(Behavior.CLICK, Behavior.BUY);
  }

  @Test
  void aBoundedRowKeepsTheHeaviest() {
    Row row = new Row(1_000, 10);
    for (int column = 0; column < 1_000; column++) {
      row.add((column * 7) % 1_000, 1 + (column * 7) % 1_000 / 1_000.0);
    }
    double[] found = new double[1_000];
    int[] size = {0};
    row.forEach((column, value) -> {
      found[column] = value;
      size[0]++;
    });
    assertThat(size[0]).isBetween(10, 19);
    for (int column = 990; column < 1_000; column++) {
      assertThat(found[column]).isEqualTo(1 + column / 1_000.0);
    }
  }
}
