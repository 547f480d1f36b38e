package org.onemall.item2item;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.shop.Baskets;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.Tensor;

/** The two tables of stage item2item. Streams and arguments stay the caller's. */
public final class Item2ItemTables {
  private Item2ItemTables() {}

  /**
   * Pairs for the item tokenizer: those of the watching relation, then Swing's best, then products
   * that were clicked one after the other, then nearest items in the two-tower space.
   *
   * @param towers FLOAT32 (items, width)
   * @param evidence gets what the watching relation is built on
   */
  public static ItemPairs pairs(
      KnownEvents events,
      Tensor towers,
      Item2ItemConfig config,
      long seed,
      int threads,
      WatchingEvidence evidence)
      throws IOException {
    PairSources sources = new PairSources(events, config, seed, threads);
    WatchingConfig watching = config.watching();
    if (watching != null) {
      sources.addWatching(watching, evidence);
    }
    sources.addSwing();
    Item2ItemConfig.CoClicks coClicks = config.coClicks();
    if (coClicks != null) {
      sources.addCoClicks(coClicks);
    }
    if (config.towerPairs() > 0) {
      sources.addTower(towers);
    }
    return sources.pairs();
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

  private static void writeSnapshot(int snapshot, NeighbourLists neighbours, TableWriter writer)
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
