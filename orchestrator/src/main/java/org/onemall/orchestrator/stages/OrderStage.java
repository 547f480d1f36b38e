package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.onemall.baseline.BaselineParameters;
import org.onemall.baseline.KnownShop;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.order.FinalOrders;
import org.onemall.order.OrderConfig;
import org.onemall.order.WeightSearch;
import org.onemall.retrieve.Memory;
import org.onemall.retrieve.OrderChoice;
import org.onemall.retrieve.RetrievalTables;
import org.onemall.retrieve.Retriever;
import org.onemall.retrieve.RetrieverCard;
import org.onemall.run.Artefact;
import org.onemall.run.Progress;
import org.onemall.run.Seeds;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.shop.Period;

/** Chooses the final order of candidates on validation, and those of the smaller models. */
public final class OrderStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.perScenario("order")
        .reads(RetrievalTables.READS)
        .reads(
            Artefact.USERS, Artefact.RETRIEVER_CARD, Artefact.RETRIEVER_CHOSEN, Artefact.BASELINES)
        .writes(Artefact.ORDER);
  }

  @Override
  public Object settings(RunConfig config) {
    return List.of(config.order(), config.baseline().behavior());
  }

  @Override
  public void run(StageContext context) throws IOException {
    OrderConfig config = context.config().order();
    // Evaluate's, so that choosing and measuring draw alike.
    long seed = Seeds.of(context.seed(), "evaluate." + context.scenario().key());
    RetrieverCard card = RetrieverCard.read(context.file(Artefact.RETRIEVER_CARD));
    try (RetrievalTables tables =
            new RetrievalTables(context, context.scenario(), context.allocator());
        Retriever retriever =
            new Retriever(context.models(), card, tables, seed, context.allocator())) {
      retriever.load(context.file(Artefact.RETRIEVER_CHOSEN));
      Behavior behavior = context.config().baseline().behavior();
      KnownShop known =
          new KnownShop(
              context,
              Baskets.read(context, behavior, context.allocator()),
              behavior,
              tables.periods().knownBeforeMs(Period.VALIDATION),
              context.threads(),
              context.allocator());
      int[] rows = OrderChoice.rows(tables, config, seed);
      try (Memory memory =
              Memory.fit(BaselineParameters.read(context.file(Artefact.BASELINES)), known);
          Progress progress = context.progress("validation requests", rows.length);
          OutputStream out = context.create(Artefact.ORDER)) {
        WeightSearch search =
            OrderChoice.search(
                tables, retriever, memory, config, rows, context.threads(), progress::step);
        FinalOrders.choose(search, config, behavior).write(out);
      }
    }
  }
}
