package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.item2item.Item2ItemConfig;
import org.onemall.item2item.Item2ItemTables;
import org.onemall.item2item.ItemKinds;
import org.onemall.item2item.ItemPairs;
import org.onemall.item2item.WatchingEvidence;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Seeds;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.shop.Baskets;
import org.onemall.shop.Periods;
import org.onemall.table.VectorTable;
import org.onemall.tensor.Tensor;

/** Pairs of items for the tokenizer, and the neighbours of each item as of each snapshot. */
public final class Item2ItemStage implements Stage {
  @Override
  public String name() {
    return "item2item";
  }

  @Override
  public boolean perScenario() {
    return false;
  }

  @Override
  public List<String> reads() {
    return List.of(
        "items.arrow",
        "users.arrow",
        "interactions.arrow",
        "periods.json",
        "tower_embeddings.arrow");
  }

  @Override
  public List<String> writes() {
    return List.of("item_pairs.arrow", "watching_evidence.arrow", "item_neighbours.arrow");
  }

  @Override
  public Object settings(RunConfig config) {
    return config.item2item();
  }

  @Override
  public void run(StageContext context) throws IOException {
    Item2ItemConfig config = context.config().item2item();
    BufferAllocator allocator = context.allocator();
    Periods periods = Periods.read(context.input("periods.json"));
    Baskets baskets = Inputs.baskets(context, config.behavior());
    ItemKinds kinds = ItemKinds.read(context.input("items.arrow"), allocator);
    long seed = Seeds.of(context.seed(), "item2item");
    try (Tensor towers = VectorTable.read(context.input("tower_embeddings.arrow"), allocator);
        OutputStream out = context.create("item_pairs.arrow");
        OutputStream evidenceOut = context.create("watching_evidence.arrow");
        WatchingEvidence evidence = new WatchingEvidence(kinds, evidenceOut, allocator)) {
      ItemPairs pairs =
          Item2ItemTables.pairs(
              context.input("interactions.arrow"),
              kinds,
              baskets.users(),
              periods.validationFromMs(),
              towers,
              config,
              seed,
              context.threads(),
              evidence,
              allocator);
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
    try (OutputStream out = context.create("item_neighbours.arrow")) {
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
