package org.onemall.item2item;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.shop.Behavior;
import org.onemall.shop.Scenario;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class Item2ItemTablesTest {
  private static final int CLICK = Behavior.EXPOSURE.bit() | Behavior.CLICK.bit();

  /** Items 0 to 3 are products, 4 is a video that sells product 3. */
  private static final int VIDEO = 4;

  @TempDir Path folder;
  private final RootAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @Test
  void oneUserIsEnoughForACoClickPairButNotForSwing() throws IOException {
    assertThat(pairs(2, null))
        .isEqualTo(Map.of("0-1", "co_click", "1-3", "co_click", "0-3", "co_click"));
    assertThat(pairs(null, null)).isEmpty();
  }

  @Test
  void whatWasClickedTooLongBeforeIsNoPair() throws IOException {
    assertThat(pairs(2, 99 / 60_000.0)).isEqualTo(Map.of("0-1", "co_click"));
    assertThat(pairs(2, 100 / 60_000.0)).hasSize(3);
  }

  @Test
  void noItemPassesItsCap() throws IOException {
    assertThat(pairs(1, null).values()).hasSize(1);
  }

  /** Item 2 is first seen at the moment before which pairs count. */
  @Test
  void whatComesLaterIsNobodysNearest() throws IOException {
    try (Tensor towers = Tensor.allocate(allocator, DType.FLOAT32, 5, 2)) {
      for (int item = 0; item < 5; item++) {
        towers.setFloat(2L * item, 1);
        towers.setFloat(2L * item + 1, item == 3 ? .1f : 0);
      }
      int[] known = ItemKinds.read(items(), 1000, allocator).knownProducts();
      assertThat(known).containsExactly(0, 1, 3);
      NeighbourLists nearest = TowerNeighbours.best(towers, known, 4, 1);
      assertThat(nearest.count(2)).isZero();
      assertThat(nearest.count(0)).isEqualTo(2);
      assertThat(nearest.other(0, 0)).isEqualTo(1);
    }
  }

  /** One user clicks 0 and 1, then the video of 3; 2 comes too late, 0 is also clicked alone. */
  private Map<String, String> pairs(@Nullable Integer coClicks, @Nullable Double minutes)
      throws IOException {
    int cap = coClicks == null ? 2 : coClicks;
    var swing = new Item2ItemConfig.Swing(1, 10, 10, null, true);
    var counts = new Item2ItemConfig.CoOccurrence(8, 1, 1, 0.5, 2, 1, 5, 8, minutes);
    var together = coClicks == null ? null : new Item2ItemConfig.CoClicks(coClicks, counts);
    var config = new Item2ItemConfig(Behavior.CLICK, cap, 0, null, together, swing, null, counts);
    try (Tensor towers = Tensor.allocate(allocator, DType.FLOAT32, 5, 2)) {
      ItemKinds kinds = ItemKinds.read(items(), 1000, allocator);
      try (OutputStream out = Files.newOutputStream(folder.resolve("evidence.arrow"));
          var evidence = new WatchingEvidence(kinds, out, allocator)) {
        ItemPairs pairs =
            Item2ItemTables.pairs(
                new KnownEvents(interactions(), kinds, 2, 1000, allocator),
                towers,
                config,
                1,
                1,
                evidence);
        Map<String, String> found = new TreeMap<>();
        for (int pair = 0; pair < pairs.size(); pair++) {
          found.put(pairs.anchor(pair) + "-" + pairs.positive(pair), pairs.source(pair));
        }
        return found;
      }
    }
  }

  private Path items() throws IOException {
    Path file = folder.resolve("items.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      for (int item = 0; item <= VIDEO; item++) {
        Scenario scenario = item == VIDEO ? Scenario.SHORT_VIDEO : Scenario.PRODUCT_CARD;
        writer
            .setInt(0, item)
            .setString(1, "i" + item)
            .setString(2, scenario.key())
            .setString(3, "title")
            .setFloat(5, 1)
            .setLong(7, item == 2 ? 1000 : 0);
        if (item == VIDEO) {
          writer.setInt(10, 3);
        }
        writer.endRow();
      }
    }
    return file;
  }

  private Path interactions() throws IOException {
    int[][] clicks = {
      {0, 0, 0, 100}, {0, 0, 1, 100}, {1, 0, VIDEO, 200}, {3, 0, 2, 1000}, {2, 1, 0, 300}
    };
    Path file = folder.resolve("interactions.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.INTERACTIONS.schema(0), out, allocator)) {
      for (int[] click : clicks) {
        writer
            .setInt(0, click[0])
            .setInt(1, click[1])
            .setInt(2, click[2])
            .setLong(3, click[3])
            .setInt(4, 0)
            .setInt(5, CLICK)
            .setFloat(6, 0)
            .setFloat(7, 0)
            .setInt(11, click[2] == VIDEO ? 3 : click[2])
            .endRow();
      }
    }
    return file;
  }
}
