package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.item2item.Item2ItemConfig;
import org.onemall.item2item.Item2ItemTables;
import org.onemall.item2item.ItemKinds;
import org.onemall.item2item.ItemPairs;
import org.onemall.item2item.KnownEvents;
import org.onemall.item2item.WatchingEvidence;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Artefact;
import org.onemall.run.Seeds;
import org.onemall.shop.Baskets;
import org.onemall.shop.Periods;
import org.onemall.table.VectorTable;
import org.onemall.tensor.Tensor;

/** Pairs of items for the tokenizer, and the neighbours of each item as of each snapshot. */
public final class Item2ItemStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.shared("item2item")
        .reads(
            Artefact.ITEMS,
            Artefact.USERS,
            Artefact.INTERACTIONS,
            Artefact.PERIODS,
            Artefact.TOWER_EMBEDDINGS)
        .writes(Artefact.ITEM_PAIRS, Artefact.WATCHING_EVIDENCE, Artefact.ITEM_NEIGHBOURS);
  }

  @Override
  public Object settings(RunConfig config) {
    return config.item2item();
  }

  @Override
  public void run(StageContext context) throws IOException {
    Item2ItemConfig config = context.config().item2item();
    BufferAllocator allocator = context.allocator();
    Periods periods = Periods.read(context.file(Artefact.PERIODS));
    Baskets baskets = Baskets.read(context, config.behavior(), allocator);
    ItemKinds kinds =
        ItemKinds.read(context.file(Artefact.ITEMS), periods.validationFromMs(), allocator);
    long seed = Seeds.of(context.seed(), "item2item");
    try (Tensor towers = VectorTable.read(context.file(Artefact.TOWER_EMBEDDINGS), allocator);
        OutputStream out = context.create(Artefact.ITEM_PAIRS);
        OutputStream evidenceOut = context.create(Artefact.WATCHING_EVIDENCE);
        WatchingEvidence evidence = new WatchingEvidence(kinds, evidenceOut, allocator)) {
      KnownEvents events =
          new KnownEvents(
              context.file(Artefact.INTERACTIONS),
              kinds,
              baskets.users(),
              periods.validationFromMs(),
              allocator);
      ItemPairs pairs =
          Item2ItemTables.pairs(events, towers, config, seed, context.threads(), evidence);
      Item2ItemTables.writePairs(pairs, out, allocator);
      context.metric(
          Map.of(
              "pairs",
              pairs.size(),
              "items_in_pairs",
              pairs.itemsInPairs(),
              "pairs_by_source",
              pairs.bySource()));
    }
    try (OutputStream out = context.create(Artefact.ITEM_NEIGHBOURS)) {
      Item2ItemTables.writeNeighbours(
          baskets,
          periods.snapshotsMs(),
          config.neighbours(),
          seed,
          context.threads(),
          out,
          allocator);
    }
  }
}
