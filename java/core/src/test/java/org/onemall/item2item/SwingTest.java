package org.onemall.item2item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.shop.Baskets;
import org.onemall.shop.RandomBaskets;

class SwingTest {
  private static final int ITEMS = 30;
  private static final Item2ItemConfig.Swing FREE =
      new Item2ItemConfig.Swing(1.5, 1_000, 1_000, null, null);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void equalsTheDefinition(long seed) {
    Baskets baskets = RandomBaskets.of(seed, 40, ITEMS, 4, 250);
    double[][] expected = naive(baskets, baskets.size());
    NeighbourLists found = Swing.best(baskets, baskets.size(), FREE, ITEMS, seed, 2);
    for (int item = 0; item < ITEMS; item++) {
      double[] scores = new double[ITEMS];
      for (int rank = 0; rank < found.count(item); rank++) {
        scores[found.other(item, rank)] = found.score(item, rank);
        if (rank > 0) {
          assertThat(found.score(item, rank)).isLessThanOrEqualTo(found.score(item, rank - 1));
        }
      }
      assertThat(scores)
          .as("seed %d, item %d", seed, item)
          .containsExactly(expected[item], within(1e-12));
    }
  }

  /** The sum over pairs of users, as the paper writes it. */
  private static double[][] naive(Baskets baskets, int requests) {
    java.util.List<Set<Integer>> taken = new java.util.ArrayList<>();
    for (int user = 0; user < baskets.users(); user++) {
      taken.add(new HashSet<>());
    }
    for (int request = 0; request < requests; request++) {
      for (int i = baskets.start(request); i < baskets.end(request); i++) {
        taken.get(baskets.user(request)).add(baskets.item(i));
      }
    }
    double[][] scores = new double[ITEMS][ITEMS];
    for (int u = 0; u < taken.size(); u++) {
      for (int v = u + 1; v < taken.size(); v++) {
        Set<Integer> both = new HashSet<>(taken.get(u));
        both.retainAll(taken.get(v));
        double weight = 1 / Math.sqrt((double) taken.get(u).size() * taken.get(v).size());
        for (int i : both) {
          for (int j : both) {
            if (i != j) {
              scores[i][j] += weight / (FREE.alpha() + both.size());
            }
          }
        }
      }
    }
    return scores;
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void isTheSameToTheLastBitForAnyThreadsAndTurns(long seed) {
    Baskets baskets = RandomBaskets.of(seed, 60, ITEMS, 5, 400);
    Item2ItemConfig.Swing capped = new Item2ItemConfig.Swing(1, 9, 8, null, null);
    Incidence incidence = Incidence.of(baskets, baskets.size(), capped, seed);
    NeighbourLists expected = Swing.best(incidence, capped, 7, 1, Long.MAX_VALUE);
    assertSame(expected, Swing.best(incidence, capped, 7, 3, Long.MAX_VALUE), seed);
    assertSame(expected, Swing.best(incidence, capped, 7, 2, 40), seed);
  }

  static void assertSame(NeighbourLists expected, NeighbourLists found, long seed) {
    assertThat(found.items()).isEqualTo(expected.items());
    for (int item = 0; item < expected.items(); item++) {
      assertThat(found.count(item)).as("seed %d", seed).isEqualTo(expected.count(item));
      for (int rank = 0; rank < expected.count(item); rank++) {
        assertThat(found.other(item, rank))
            .as("seed %d", seed)
            .isEqualTo(expected.other(item, rank));
        assertThat(found.score(item, rank))
            .as("seed %d", seed)
            .isEqualTo(expected.score(item, rank));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void capsBothSidesAndKeepsBothViewsAlike(long seed) {
    Baskets baskets = RandomBaskets.of(seed, 50, ITEMS, 5, 400);
    Incidence incidence =
        Incidence.of(baskets, baskets.size(), new Item2ItemConfig.Swing(1, 6, 5, null, null), seed);
    long entries = 0;
    for (int user = 0; user < incidence.itemsOfUser.length; user++) {
      assertThat(incidence.itemsOfUser[user]).hasSizeLessThanOrEqualTo(5).isSorted();
      for (int item : incidence.itemsOfUser[user]) {
        assertThat(incidence.usersOfItem[item]).as("seed %d", seed).contains(user);
        entries++;
      }
    }
    for (int[] users : incidence.usersOfItem) {
      assertThat(users).hasSizeLessThanOrEqualTo(6).isSorted();
      entries -= users.length;
    }
    assertThat(entries).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32})
  void knowsNothingAfterTheBoundary(long seed) {
    Baskets whole = RandomBaskets.of(seed, 50, ITEMS, 5, 1_000);
    Baskets cut = RandomBaskets.of(seed, 50, ITEMS, 5, 150);
    assertThat(cut.size()).isLessThan(whole.size());
    assertSame(
        Swing.best(cut, cut.size(), FREE, ITEMS, seed, 1),
        Swing.best(whole, whole.before(150), FREE, ITEMS, seed, 1),
        seed);
  }
}
