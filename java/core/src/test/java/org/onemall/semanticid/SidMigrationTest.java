package org.onemall.semanticid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SidMigrationTest {
  private static SemanticIds ids(int[] items, int[][] codes) {
    return SemanticIds.of(new int[] {4, 4}, items, new long[items.length], codes);
  }

  @Test
  void countsByHandAgree() {
    SemanticIds before =
        ids(new int[] {0, 1, 2, 3, 5}, new int[][] {{0, 0, 1, 1, 2}, {0, 1, 0, 0, 2}});
    // The first codes 0 and 1 changed their names; 2 and 3 parted at the second level.
    SemanticIds after =
        ids(new int[] {0, 1, 2, 3, 9}, new int[][] {{1, 1, 0, 0, 2}, {0, 1, 0, 3, 2}});
    SidMigration found = SidMigration.of(before, after);
    assertThat(found.items()).isEqualTo(4);
    assertThat(found.gone()).isEqualTo(1);
    assertThat(found.added()).isEqualTo(1);
    assertThat(found.levels().get(0).moved()).isEqualTo(4);
    assertThat(found.levels().get(0).regrouped()).isZero();
    assertThat(found.levels().get(1).regrouped()).isEqualTo(1);
    assertThat(found.levels().get(1).which()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void otherNamesForTheSameGroupsRegroupNothingAndTheSameVersionMovesNothing() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      int[] items = IntStream.range(0, 50).toArray();
      int[][] codes = RandomSids.codes(random, new int[] {4, 4}, 50);
      int[][] renamed = {
        IntStream.of(codes[0]).map(code -> 3 - code).toArray(),
        IntStream.of(codes[1]).map(code -> (code + 1) % 4).toArray()
      };
      SidMigration same = SidMigration.of(ids(items, codes), ids(items, codes));
      SidMigration other = SidMigration.of(ids(items, codes), ids(items, renamed));
      for (int level = 0; level < 2; level++) {
        assertThat(same.levels().get(level).moved()).isZero();
        assertThat(same.levels().get(level).regrouped()).isZero();
        assertThat(other.levels().get(level).moved()).isEqualTo(50);
        assertThat(other.levels().get(level).regrouped()).isZero();
      }
    }
  }

  @Test
  void roomsCountWithTheirLatestSid() {
    int[] twice = {3, 3};
    long[] moments = {1, 2};
    SemanticIds before = SemanticIds.of(new int[] {4}, twice, moments, new int[][] {{0, 1}});
    SemanticIds after = SemanticIds.of(new int[] {4}, twice, moments, new int[][] {{2, 1}});
    assertThat(SidMigration.of(before, after).levels().getFirst().moved()).isZero();
  }
}
