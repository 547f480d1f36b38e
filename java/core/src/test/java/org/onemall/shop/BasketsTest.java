package org.onemall.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BasketsTest {
  @Test
  void ordersRequestsByTimeAndKnowsEachUsersRequestBefore() {
    Baskets baskets =
        new Baskets(
            3,
            9,
            new int[] {4, 4, 4, 7, 5},
            new int[] {0, 0, 0, 0, 2},
            new int[] {8, 1, 8, 3, 2},
            new long[] {10, 10, 10, 30, 20});
    assertThat(baskets.size()).isEqualTo(3);
    assertThat(new int[] {baskets.user(0), baskets.user(1), baskets.user(2)})
        .containsExactly(0, 2, 0);
    assertThat(new int[] {baskets.previous(0), baskets.previous(1), baskets.previous(2)})
        .containsExactly(-1, -1, 0);
    assertThat(baskets.end(0) - baskets.start(0)).isEqualTo(2);
    assertThat(baskets.item(baskets.start(0))).isEqualTo(1);
    assertThat(baskets.item(baskets.start(0) + 1)).isEqualTo(8);
    assertThat(baskets.before(10)).isEqualTo(0);
    assertThat(baskets.before(11)).isEqualTo(1);
    assertThat(baskets.before(30)).isEqualTo(2);
    assertThat(baskets.before(31)).isEqualTo(3);
  }

  @Test
  void refusesRowsOutOfOrder() {
    assertThatThrownBy(
            () -> new Baskets(1, 1, new int[] {0, 1}, new int[2], new int[2], new long[] {5, 4}))
        .hasMessageContaining("row 1 is not");
  }
}
