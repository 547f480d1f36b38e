package org.onemall.twotower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.model.FakeModels;
import org.onemall.model.ModelException;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.shop.RandomBaskets;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;
import org.onemall.training.Checkpoints;
import org.onemall.training.Schedule;

class TwoTowerTest {
  private static final TwoTowerConfig.Towers TOWERS =
      new TwoTowerConfig.Towers(3, TwoTowerConfig.Pool.MEAN, 0.07, 0, 0);

  private static TwoTowerConfig config(boolean withinRequest, int steps) {
    return new TwoTowerConfig(
        Behavior.BUY,
        TOWERS,
        6,
        withinRequest,
        null,
        true,
        true,
        16,
        steps,
        new Schedule(0.01, 2, 0.1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void inputsAreTheUsersItemsBeforeTheTargetAndNothingLater(long seed) {
    long before = 300;
    Baskets baskets = RandomBaskets.of(seed, 30, 40, 6, 1_000);
    double[] counts = new double[40];
    double total = 0;
    for (int r = 0; r < baskets.before(before); r++) {
      if (baskets.previous(r) >= 0) {
        for (int i = baskets.start(r); i < baskets.end(r); i++) {
          counts[baskets.item(i)]++;
          total++;
        }
      }
    }
    try (RootAllocator allocator = new RootAllocator()) {
      Examples examples = new Examples(baskets, baskets.before(before), config(false, 1), seed);
      assertThat(examples.size()).isEqualTo((int) total);
      for (int step = 0; step < 20; step++) {
        try (Tensors batch = examples.batch(step, allocator)) {
          for (int row = 0; row < 16; row++) {
            int target = batch.get("item").getInt(row);
            assertThat((double) batch.get("log_q").getFloat(row))
                .isCloseTo(Math.log(counts[target] / total), within(1e-6));
            assertThat(isPastOfATarget(baskets, before, batch.get("user_items"), row, target))
                .as("seed %d, step %d, row %d", seed, step, row)
                .isTrue();
          }
        }
      }
    }
  }

  /** Whether some request with the target has exactly this past before it. */
  private static boolean isPastOfATarget(
      Baskets baskets, long before, Tensor userItems, int row, int target) {
    for (int r = 0; r < baskets.before(before); r++) {
      boolean has = false;
      for (int i = baskets.start(r); i < baskets.end(r); i++) {
        has |= baskets.item(i) == target;
      }
      if (has && samePast(baskets, r, userItems, row)) {
        return true;
      }
    }
    return false;
  }

  private static boolean samePast(Baskets baskets, int request, Tensor userItems, int row) {
    int at = 0;
    for (int r = baskets.previous(request); r >= 0; r = baskets.previous(r)) {
      for (int i = baskets.start(r); i < baskets.end(r) && at < 6; i++) {
        if (userItems.getInt(row * 6L + at++) != baskets.item(i)) {
          return false;
        }
      }
    }
    return at > 0 && (at == 6 || userItems.getInt(row * 6L + at) == -1);
  }

  @Test
  void withinTheRequestTheTargetItselfIsNoInput() {
    Baskets baskets = RandomBaskets.of(5, 30, 400, 6, 1_000);
    try (RootAllocator allocator = new RootAllocator()) {
      Examples examples = new Examples(baskets, baskets.size(), config(true, 1), 5);
      int inputs = 0;
      for (int step = 0; step < 10; step++) {
        try (Tensors first = examples.batch(step, allocator);
            Tensors again = examples.batch(step, allocator)) {
          assertThat(first.get("user_items").segment().mismatch(again.get("user_items").segment()))
              .isEqualTo(-1);
          for (int i = 0; i < 16 * 6; i++) {
            inputs += first.get("user_items").getInt(i) >= 0 ? 1 : 0;
          }
          for (int row = 0; row < 16; row++) {
            assertThat(first.get("user_items").getInt(row * 6L))
                .isNotEqualTo(first.get("item").getInt(row));
          }
        }
      }
      assertThat(inputs).isGreaterThan(160);
    }
  }

  @Test
  void ofRepeatedItemsOnlyTheLatestFillsAPlace() {
    Baskets baskets = RandomBaskets.of(5, 30, 12, 12, 4_000);
    TwoTowerConfig distinct =
        new TwoTowerConfig(
            Behavior.CLICK, TOWERS, 6, false, true, true, null, 16, 1, new Schedule(0.01, 2, 0.1));
    int repeated = 0;
    try (RootAllocator allocator = new RootAllocator()) {
      Examples all = new Examples(baskets, baskets.size(), config(false, 1), 5);
      Examples once = new Examples(baskets, baskets.size(), distinct, 5);
      for (int step = 0; step < 10; step++) {
        try (Tensors with = all.batch(step, allocator);
            Tensors without = once.batch(step, allocator)) {
          for (int row = 0; row < 16; row++) {
            Set<Integer> seen = new HashSet<>();
            int at = 0;
            for (int i = 0; i < 6; i++) {
              int item = with.get("user_items").getInt(row * 6L + i);
              if (item >= 0 && seen.add(item)) {
                assertThat(without.get("user_items").getInt(row * 6L + at++)).isEqualTo(item);
              } else if (item >= 0) {
                repeated++;
              }
            }
            for (; at < 6; at++) {
              int item = without.get("user_items").getInt(row * 6L + at);
              assertThat(item < 0 || seen.add(item)).isTrue();
            }
          }
        }
      }
    }
    assertThat(repeated).isPositive();
  }

  @Test
  void trainsThenAsksForEveryItem() throws IOException {
    FakeModels models =
        new FakeModels() {
          @Override
          public Map<String, Double> infer(String what, Tensors in, Tensors out) {
            for (int i = 0; i < in.get("item").size(); i++) {
              out.get("vector").setFloat(3L * i, in.get("item").getInt(i));
            }
            return super.infer(what, in, out);
          }
        };
    Baskets baskets = RandomBaskets.of(6, 30, 40, 6, 1_000);
    float[] prices = new float[40];
    Arrays.fill(prices, 30, 40, 1e6f); // later items change no average
    int[] categories = new int[40];
    Arrays.setAll(categories, item -> item % 6 - 1);
    try (RootAllocator allocator = new RootAllocator();
        Tensor vectors =
            TwoTower.train(
                models,
                config(true, 3),
                new TowerInput(baskets, 500, new int[] {30, 40}, prices, categories),
                6,
                allocator,
                Checkpoints.none(),
                (step, figures) -> models.calls.add("heard of " + step))) {
      assertThat(vectors.shape()).containsExactly(40, 3);
      assertThat(vectors.getFloat(39 * 3)).isEqualTo(39);
    }
    assertThat(models.calls)
        .containsExactly(
            "open two_tower TwoTowerModelConfig[items=30, width=3, features=1, categories=5, pool=MEAN, temperature=0.07, dropout=0.0, weightDecay=0.0]",
            "feed items {features=FLOAT32[40, 1], category=INT32[40]}",
            "step next_item [user_items, item, log_q] {learning_rate=0.005}",
            "heard of 0",
            "step next_item [user_items, item, log_q] {learning_rate=0.01}",
            "heard of 1",
            "step next_item [user_items, item, log_q] {learning_rate=0.01}",
            "heard of 2",
            "infer items", // of those before validation
            "infer items",
            "close");
  }

  @Test
  void aFailedStepIsNamedAndNothingLeaks() {
    FakeModels models =
        new FakeModels() {
          @Override
          public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
            throw new ModelException("FloatingPointError", "the loss is not finite", "");
          }
        };
    Baskets baskets = RandomBaskets.of(7, 30, 40, 6, 1_000);
    try (RootAllocator allocator = new RootAllocator()) {
      assertThatThrownBy(() ->
              TwoTower.train(
                  models,
                  config(true, 3),
                  new TowerInput(baskets, 500, new int[] {40}, new float[40], new int[40]),
                  7,
                  allocator,
                  Checkpoints.none(),
                  (step, figures) -> {}))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("two-tower, step 0 of 3")
          .hasMessageContaining("not finite");
      assertThat(models.calls).last().isEqualTo("close");
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }

  @Test
  void tooFewEventsAreAnErrorThatSaysWhatToDo() {
    Baskets baskets = RandomBaskets.of(8, 2, 40, 1, 1_000);
    assertThatThrownBy(() -> new Examples(baskets, baskets.size(), config(false, 1), 1))
        .hasMessageContaining("lower batch_examples");
  }
}
