package org.onemall.item2item;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.Tensor;

/** The two tables of stage item2item. Streams and arguments stay the caller's. */
public final class Item2ItemTables {
  /**
   * An item whose best partners are full is left with lesser ones: so many are offered per place.
   */
  private static final int OFFERED = 5;

  private Item2ItemTables() {}

  /**
   * Pairs for the item tokenizer: those of the watching relation, then Swing's best, then products
   * that were clicked one after the other, then nearest items in the two-tower space.
   *
   * @param interactions {@link TableSchema#INTERACTIONS}
   * @param before pairs count only what happened before this moment
   * @param towers FLOAT32 (items, width)
   * @param evidence gets what the watching relation is built on
   */
  public static ItemPairs pairs(
      Path interactions,
      ItemKinds kinds,
      int users,
      long before,
      Tensor towers,
      Item2ItemConfig config,
      long seed,
      int threads,
      WatchingEvidence evidence,
      BufferAllocator allocator)
      throws IOException {
    ItemPairs pairs = new ItemPairs(kinds.items());
    int most = config.maxPairs();
    WatchingConfig watching = config.watching();
    if (watching != null) {
      Neighbours offered =
          Watching.best(
              interactions,
              kinds,
              watching,
              before,
              OFFERED * watching.maxPairs(),
              seed,
              evidence,
              allocator);
      pairs.addFrom("watching", offered, Math.min(most, watching.maxPairs()));
    }
    List<String> behaviors = new ArrayList<>();
    List<Neighbours> scores = new ArrayList<>();
    Map<Behavior, Double> weights = config.swing().weights(config.behavior());
    for (Behavior behavior : weights.keySet()) {
      Baskets baskets =
          Baskets.read(
              interactions, behavior, users, kinds.items(), product(kinds, config), allocator);
      behaviors.add(behavior.key());
      scores.add(
          Swing.best(
              baskets, baskets.before(before), config.swing(), OFFERED * most, seed, threads));
    }
    int bySwing = config.swingPairs();
    if (config.swing().behaviors() == null) {
      pairs.add("swing", scores.getFirst(), bySwing);
    } else {
      double[] weight = weights.values().stream().mapToDouble(Double::doubleValue).toArray();
      Commercial commercial = new Commercial(behaviors, scores, weight, OFFERED * most);
      pairs.add(commercial::source, commercial.neighbours(), bySwing);
    }
    Item2ItemConfig.CoClicks coClicks = config.coClicks();
    if (coClicks != null) {
      Baskets baskets =
          Baskets.read(
              interactions,
              config.behavior(),
              users,
              kinds.items(),
              product(kinds, config),
              allocator);
      CoOccurrence together = new CoOccurrence(baskets, coClicks.counts(), seed);
      together.countUntil(before);
      pairs.add("co_click", together.best(threads), bySwing + coClicks.pairs());
    }
    if (config.towerPairs() > 0) {
      Neighbours nearest =
          TowerNeighbours.best(towers, kinds.knownProducts(), OFFERED * most, threads);
      boolean fills = !Boolean.FALSE.equals(config.towerFills());
      pairs.add("tower", nearest, most, fills ? most : config.towerPairs());
    }
    return pairs;
  }

  /** Which product an event counts for; -1 for none. */
  private static IntBinaryOperator product(ItemKinds kinds, Item2ItemConfig config) {
    boolean concerned = Boolean.TRUE.equals(config.swing().concernedProducts());
    return (item, product) -> kinds.isProduct(item) ? item : concerned ? product : -1;
  }

  /** Writes {@link TableSchema#ITEM_PAIRS}. */
  public static void writePairs(ItemPairs pairs, OutputStream out, BufferAllocator allocator)
      throws IOException {
    try (TableWriter writer = new TableWriter(TableSchema.ITEM_PAIRS.schema(0), out, allocator)) {
      for (int pair = 0; pair < pairs.size(); pair++) {
        writer
            .setInt(0, pairs.anchor(pair))
            .setInt(1, pairs.positive(pair))
            .setFloat(2, (float) pairs.score(pair))
            .setString(3, pairs.source(pair))
            .endRow();
      }
    }
  }

  /** Writes {@link TableSchema#ITEM_NEIGHBOURS}: each item's neighbours as of each snapshot. */
  public static void writeNeighbours(
      Baskets baskets,
      List<Long> snapshotsMs,
      Item2ItemConfig.CoOccurrence config,
      long seed,
      int threads,
      OutputStream out,
      BufferAllocator allocator)
      throws IOException {
    try (TableWriter writer =
        new TableWriter(TableSchema.ITEM_NEIGHBOURS.schema(0), out, allocator)) {
      CoOccurrence.forEachSnapshot(
          baskets,
          snapshotsMs,
          config,
          seed,
          threads,
          (snapshot, neighbours) -> writeSnapshot(snapshot, neighbours, writer));
    }
  }

  private static void writeSnapshot(int snapshot, Neighbours neighbours, TableWriter writer)
      throws IOException {
    for (int item = 0; item < neighbours.items(); item++) {
      for (int rank = 0; rank < neighbours.count(item); rank++) {
        writer
            .setInt(0, snapshot)
            .setInt(1, item)
            .setInt(2, neighbours.other(item, rank))
            .setFloat(3, (float) neighbours.score(item, rank))
            .endRow();
      }
    }
  }
}
