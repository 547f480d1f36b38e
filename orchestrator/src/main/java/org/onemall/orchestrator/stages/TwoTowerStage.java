package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Seeds;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Progress;
import org.onemall.shop.Baskets;
import org.onemall.shop.Catalogue;
import org.onemall.shop.Periods;
import org.onemall.table.VectorTable;
import org.onemall.tensor.Tensor;
import org.onemall.twotower.TwoTower;
import org.onemall.twotower.TwoTowerConfig;

/** Trains the two-tower network on what came before the split, and writes its item vectors. */
public final class TwoTowerStage implements Stage {
  @Override
  public String name() {
    return "twotower";
  }

  @Override
  public boolean perScenario() {
    return false;
  }

  @Override
  public List<String> reads() {
    return List.of("items.arrow", "users.arrow", "interactions.arrow", "periods.json");
  }

  @Override
  public List<String> writes() {
    return List.of("tower_embeddings.arrow");
  }

  @Override
  public Object settings(RunConfig config) {
    return config.twotower();
  }

  @Override
  public void run(StageContext context) throws IOException {
    TwoTowerConfig config = context.config().twotower();
    BufferAllocator allocator = context.allocator();
    Periods periods = Periods.read(context.input("periods.json"));
    float[] prices = Catalogue.prices(context.input("items.arrow"), allocator);
    int[] categories = Catalogue.categories(context.input("items.arrow"), allocator);
    Baskets baskets = Inputs.baskets(context, config.behavior());
    try (Progress progress = context.progress("two-tower steps", config.steps());
        Tensor vectors =
            TwoTower.train(
                context.models(),
                config,
                baskets,
                periods.validationFromMs(),
                prices,
                categories,
                Seeds.of(context.seed(), "twotower"),
                allocator,
                (step, figures) -> {
                  progress.step(1);
                  Inputs.metric(context, step, figures);
                });
        OutputStream out = context.create("tower_embeddings.arrow")) {
      VectorTable.write(vectors, out, allocator);
    }
  }
}
