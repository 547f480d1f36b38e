package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.onemall.beam.BeamSearch;
import org.onemall.evaluate.FinalOrders;
import org.onemall.model.Model;
import org.onemall.model.Models;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.retrieve.Retrieval;
import org.onemall.retrieve.RetrieverModel;
import org.onemall.run.Artefact;
import org.onemall.run.Seeds;

/**
 * Chooses the final order on validation and measures it, its parts and the baselines on the test
 * period.
 */
public final class EvaluateStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.perScenario("evaluate")
        .reads(RequestTables.READS)
        .reads(Artefact.RETRIEVER_CHOSEN, Artefact.RETRIEVER, Artefact.BASELINES)
        .writes(Artefact.EVALUATION);
  }

  @Override
  public Object settings(RunConfig config) {
    return List.of(
        config.evaluate(), config.sample(), config.pretrain().retriever(), config.baseline());
  }

  @Override
  public void run(StageContext context) throws IOException {
    long seed = Seeds.of(context.seed(), name() + "." + context.scenario().key());
    try (RequestTables tables = new RequestTables(context);
        Model model =
            context
                .models()
                .open(Models.Kind.RETRIEVER, PretrainStage.shape(context, tables), seed)) {
      tables.feedItems(model);
      Measurement measurement = new Measurement(context, tables);
      FinalOrders orders;
      model.load(context.file(Artefact.RETRIEVER_CHOSEN), false);
      try (Retrieval retrieval = retrieval(context, tables, model)) {
        orders = measurement.choose(retrieval, seed);
      }
      model.load(context.file(Artefact.RETRIEVER), false);
      try (Retrieval retrieval = retrieval(context, tables, model);
          OutputStream out = context.create(Artefact.EVALUATION)) {
        measurement.measure(retrieval, orders, model, seed).result().write(out);
      }
    }
  }

  private static Retrieval retrieval(StageContext context, RequestTables tables, Model model) {
    RunConfig config = context.config();
    RetrieverModel retriever =
        new RetrieverModel(
            model,
            tables.sids().sizes(),
            config.pretrain().retriever().width(),
            context.allocator());
    BeamSearch search =
        new BeamSearch(
            tables.sids().sizes(),
            config.evaluate().beamSize(),
            context.threads(),
            context.allocator());
    return new Retrieval(
        retriever,
        tables.assembler(),
        tables.tables(),
        tables.assortments(),
        search,
        new Retrieval.Settings(
            config.pretrain().retriever().prior(),
            config.sample().behaviors().getFirst(),
            config.evaluate().sharedSid()),
        context.allocator());
  }
}
