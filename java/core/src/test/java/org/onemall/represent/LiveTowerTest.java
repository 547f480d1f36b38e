package org.onemall.represent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.model.FakeModels;
import org.onemall.represent.TestCatalogue.Event;
import org.onemall.represent.TestCatalogue.Item;
import org.onemall.represent.TestCatalogue.State;
import org.onemall.shop.Behavior;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.RoomStates;
import org.onemall.shop.Scenario;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;
import org.onemall.training.Checkpoints;
import org.onemall.training.Schedule;

class LiveTowerTest {
  private static final int CLICK = Behavior.EXPOSURE.bit() | Behavior.CLICK.bit();
  private static final int SEEN = Behavior.EXPOSURE.bit();
  private final BufferAllocator allocator = new RootAllocator();

  @TempDir Path folder;

  @AfterEach
  void everythingIsFreed() {
    allocator.close();
  }

  private static RepresentConfig.Live config(int batch) {
    return new RepresentConfig.Live(
        Behavior.CLICK, 2, 3, 2, 0.1, 0, 0, 0.1, batch, 2, new Schedule(0.01, 0, 0.1));
  }

  /** Items 0 to 3 are products, 4 a video of product 1, 5 and 6 rooms, 7 a room never on air. */
  private CatalogueItems items() throws IOException {
    List<Item> items = new ArrayList<>();
    for (int product = 0; product < 4; product++) {
      items.add(new Item(Scenario.PRODUCT_CARD, -1));
    }
    items.add(new Item(Scenario.SHORT_VIDEO, 1));
    for (int room = 5; room < 8; room++) {
      items.add(new Item(Scenario.LIVE_STREAMING, -1));
    }
    return TestCatalogue.items(folder, allocator, items);
  }

  private RoomStates states() throws IOException {
    return TestCatalogue.states(
        folder,
        allocator,
        List.of(
            new State(5, 100, 2, 0),
            new State(5, 200, 3, 4, 2, 0),
            new State(5, 300),
            new State(5, 400, 99),
            new State(6, 150, 1)));
  }

  private static ProductCodes noCodes() {
    return new ProductCodes() {
      @Override
      public int[] sizes() {
        return new int[] {4};
      }

      @Override
      public void fill(int product, int[] out) {
        out[0] = product == 3 ? -1 : product;
      }
    };
  }

  /** Remembers what it is asked; a vector is (room, presented product). */
  private static final class Network extends FakeModels {
    private final List<String> examples = new ArrayList<>();

    @Override
    public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
      for (int i = 0; i < batch.get("room").size(); i++) {
        examples.add(
            "user %d room %d sells %s after %s q %.3f %.3f"
                .formatted(
                    batch.get("user").getInt(i),
                    batch.get("room").getInt(i),
                    row(batch.get("products"), i),
                    row(batch.get("clicked"), i),
                    batch.get("room_log_q").getFloat(i),
                    batch.get("user_log_q").getFloat(i)));
      }
      return super.step(what, batch, settings);
    }

    private static List<Integer> row(Tensor ints, int row) {
      List<Integer> found = new ArrayList<>();
      for (long i = row * ints.dim(1); i < (row + 1) * ints.dim(1); i++) {
        found.add(ints.getInt(i));
      }
      return found;
    }

    @Override
    public Map<String, Double> infer(String what, Tensors in, Tensors out) {
      Tensor products = in.get("products");
      for (int i = 0; i < in.get("room").size(); i++) {
        out.get("vector").setFloat(2L * i, in.get("room").getInt(i));
        out.get("vector").setFloat(2L * i + 1, products.getInt(i * products.dim(1)));
      }
      return super.infer(what, in, out);
    }
  }

  @Test
  void everyStateWithAProductHasAVectorAndTheOthersAreCounted() throws IOException {
    CatalogueItems items = items();
    RoomStates states = states();
    Path log = TestCatalogue.interactions(folder, allocator, List.of());
    Network network = new Network();
    try (Tensor features = Tensor.allocate(allocator, DType.FLOAT32, 8, 3);
        Represented made =
            new LiveTower(config(2), items, states, features, noCodes(), allocator)
                .represent(network, log, 1_000, 1, Checkpoints.none(), (step, figures) -> {})) {
      assertThat(made.vectors().item()).containsExactly(5, 5, 6);
      assertThat(made.vectors().validFromMs()).containsExactly(100, 200, 150);
      assertThat(made.vectors().vectors().toFloats(0, 6)).containsExactly(0, 2, 0, 3, 1, 1);
      assertThat(made.reasons())
          .isEqualTo(
              Map.of(
                  "product_of_room_is_no_product_card",
                  2,
                  "state_without_product_card",
                  1,
                  "state_with_more_products_than_represent_live_products",
                  1,
                  "room_never_on_air",
                  1,
                  "click_to_train_on",
                  0));
    }
    assertThat(network.calls).noneMatch(call -> call.startsWith("step"));
  }

  @Test
  void examplesAreClicksOnRoomsWithWhatWasKnownBefore() throws IOException {
    CatalogueItems items = items();
    RoomStates states = states();
    Path log =
        TestCatalogue.interactions(
            folder,
            allocator,
            List.of(
                new Event(1, 0, 4, 90, CLICK, 1, -1),
                new Event(2, 0, 0, 110, CLICK, 0, -1),
                new Event(2, 0, 5, 110, CLICK, 2, 250), // seen when product 3 was presented
                new Event(3, 0, 6, 160, SEEN, 1, -1), // no click
                new Event(4, 0, 5, 310, CLICK, -1, -1), // off air
                new Event(5, 1, 6, 170, CLICK, 1, -1), // nothing before
                new Event(6, 1, 5, 180, CLICK, 2, -1),
                new Event(7, 1, 6, 5_000, CLICK, 1, -1))); // after the split
    Network network = new Network();
    try (Tensor features = Tensor.allocate(allocator, DType.FLOAT32, 8, 3);
        Represented made =
            new LiveTower(config(3), items, states, features, noCodes(), allocator)
                .represent(network, log, 1_000, 1, Checkpoints.none(), (step, figures) -> {})) {
      assertThat(made.reasons()).containsEntry("click_to_train_on", 3);
    }
    // Two steps, each with all three examples in an order of its own.
    assertThat(network.examples).hasSize(6);
    assertThat(network.examples.subList(0, 3))
        .containsExactlyInAnyOrderElementsOf(network.examples.subList(3, 6))
        .containsExactlyInAnyOrder(
            "user 0 room 0 sells [3, 2] after [1, -1, -1] q -0.405 -1.099",
            "user 1 room 1 sells [1, -1] after [-1, -1, -1] q -1.099 -0.405",
            "user 1 room 0 sells [2, 0] after [1, -1, -1] q -0.405 -0.405");
  }

  @Test
  void statesAreFoundAsByALinearScan() throws IOException {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      List<State> all = new ArrayList<>();
      for (int room = 0; room < 5; room++) {
        long at = random.nextInt(20);
        for (int i = random.nextInt(6); i > 0; i--) {
          all.add(new State(room * 2, at, new int[random.nextInt(3)]));
          at += 1 + random.nextInt(20);
        }
      }
      RoomStates states = TestCatalogue.states(folder, allocator, all);
      for (int room = -1; room < 11; room++) {
        for (long moment = -1; moment < 130; moment++) {
          int expected = -1;
          for (int row = 0; row < all.size(); row++) {
            if (all.get(row).item() == room && all.get(row).fromMs() <= moment) {
              expected = row;
            }
          }
          assertThat(states.at(room, moment)).as("seed %d", seed).isEqualTo(expected);
          if (expected >= 0) {
            assertThat(states.untilMs(expected)).isGreaterThan(moment);
            assertThat(states.count(expected)).isEqualTo(all.get(expected).products().length);
          }
        }
      }
    }
  }

  @Test
  void tablesOutOfOrderAreRefused() {
    assertThatThrownBy(() ->
            TestCatalogue.states(
                folder, allocator, List.of(new State(3, 5, 1), new State(3, 5, 2))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sorted by item and valid_from_ms, found item 3 at row 1");
  }
}
