package org.onemall.item2item;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.ingest.Baskets;
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
   * Pairs for the item tokenizer: Swing's best first, then nearest items in the two-tower space.
   *
   * @param before pairs count only what happened before this moment
   * @param towers FLOAT32 (items, width)
   */
  public static ItemPairs pairs(
      Baskets baskets, long before, Tensor towers, Item2ItemConfig config, long seed, int threads) {
    ItemPairs pairs = new ItemPairs(baskets.items());
    int most = config.maxPairs();
    int bySwing = most - config.towerPairs();
    int requests = baskets.before(before);
    pairs.add(
        "swing",
        Swing.best(baskets, requests, config.swing(), OFFERED * most, seed, threads),
        bySwing);
    if (config.towerPairs() > 0) {
      pairs.add("tower", TowerNeighbours.best(towers, OFFERED * most, threads), most);
    }
    return pairs;
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
