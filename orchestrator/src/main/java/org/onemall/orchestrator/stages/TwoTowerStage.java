package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Artefact;
import org.onemall.run.Progress;
import org.onemall.run.Seeds;
import org.onemall.shop.Baskets;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.ItemColumns;
import org.onemall.shop.Periods;
import org.onemall.table.VectorTable;
import org.onemall.tensor.Tensor;
import org.onemall.training.Checkpoints;
import org.onemall.twotower.TowerInput;
import org.onemall.twotower.TwoTower;
import org.onemall.twotower.TwoTowerConfig;

/** Trains the two-tower network on what came before the split, and writes its item vectors. */
public final class TwoTowerStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.shared("twotower")
        .reads(Artefact.ITEMS, Artefact.USERS, Artefact.INTERACTIONS, Artefact.PERIODS)
        .writes(Artefact.TOWER_EMBEDDINGS);
  }

  @Override
  public Object settings(RunConfig config) {
    return config.twotower();
  }

  @Override
  public void run(StageContext context) throws IOException {
    TwoTowerConfig config = context.config().twotower();
    BufferAllocator allocator = context.allocator();
    Periods periods = Periods.read(context.file(Artefact.PERIODS));
    Path table = context.file(Artefact.ITEMS);
    int[] ends = CatalogueItems.read(table, allocator).periodEnds(periods);
    Baskets baskets = Baskets.read(context, config.behavior(), allocator);
    try (Progress progress = context.progress("two-tower steps", config.steps());
        Tensor vectors =
            TwoTower.train(
                context.models(),
                config,
                new TowerInput(
                    baskets,
                    periods.validationFromMs(),
                    ends,
                    ItemColumns.prices(table, allocator),
                    ItemColumns.categories(table, ends[0], allocator)),
                Seeds.of(context.seed(), "twotower"),
                allocator,
                new Checkpoints(context.checkpoints()),
                context.steps(progress));
        OutputStream out = context.create(Artefact.TOWER_EMBEDDINGS)) {
      VectorTable.write(vectors, out, allocator);
    }
  }
}
