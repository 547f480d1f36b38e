package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.onemall.baseline.BaselineParameters;
import org.onemall.baseline.Baselines;
import org.onemall.baseline.FittedBaselines;
import org.onemall.baseline.KnownShop;
import org.onemall.evaluate.Measurement;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.order.FinalOrders;
import org.onemall.retrieve.RetrievalTables;
import org.onemall.retrieve.Retriever;
import org.onemall.retrieve.RetrieverCard;
import org.onemall.run.Artefact;
import org.onemall.run.Progress;
import org.onemall.run.Seeds;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.shop.Period;

/** Measures the model, its parts and the baselines on the test period. */
public final class EvaluateStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.perScenario("evaluate")
        .reads(RetrievalTables.READS)
        .reads(
            Artefact.USERS,
            Artefact.RETRIEVER_CARD,
            Artefact.RETRIEVER,
            Artefact.BASELINES,
            Artefact.ORDER)
        .writes(Artefact.EVALUATION);
  }

  @Override
  public Object settings(RunConfig config) {
    return List.of(config.evaluate(), config.order(), config.baseline().behavior());
  }

  @Override
  public void run(StageContext context) throws IOException {
    RunConfig config = context.config();
    long seed = Seeds.of(context.seed(), name() + "." + context.scenario().key());
    RetrieverCard card = RetrieverCard.read(context.file(Artefact.RETRIEVER_CARD));
    try (RetrievalTables tables =
            new RetrievalTables(context, context.scenario(), context.allocator());
        Retriever retriever =
            new Retriever(context.models(), card, tables, seed, context.allocator())) {
      retriever.load(context.file(Artefact.RETRIEVER));
      Behavior behavior = config.baseline().behavior();
      KnownShop known =
          new KnownShop(
              context,
              Baskets.read(context, behavior, context.allocator()),
              behavior,
              tables.periods().knownBeforeMs(Period.TEST),
              context.threads(),
              context.allocator());
      BaselineParameters chosen = BaselineParameters.read(context.file(Artefact.BASELINES));
      Measurement measurement =
          new Measurement(config.evaluate(), config.order(), tables, retriever, seed);
      int[] rows = measurement.rows();
      FinalOrders orders = FinalOrders.read(context.file(Artefact.ORDER));
      try (FittedBaselines baselines = new FittedBaselines(Baselines.of(chosen), known);
          Progress progress = context.progress("test requests", rows.length);
          OutputStream out = context.create(Artefact.EVALUATION)) {
        measurement
            .measure(
                orders, baselines, rows, context.threads(), context.allocator(), progress::step)
            .write(out);
      }
    }
  }
}
