package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.onemall.model.Model;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.pretrain.BatchSource;
import org.onemall.pretrain.PretrainConfig;
import org.onemall.pretrain.Pretraining;
import org.onemall.pretrain.RequestBatches;
import org.onemall.pretrain.TrainingCurve;
import org.onemall.retrieve.RetrievalTables;
import org.onemall.retrieve.Retriever;
import org.onemall.retrieve.RetrieverCard;
import org.onemall.run.Artefact;
import org.onemall.run.Seeds;
import org.onemall.training.Checkpoints;

/** Trains the retriever on requests. */
public final class PretrainStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.perScenario("pretrain")
        .reads(RetrievalTables.READS)
        .writes(
            Artefact.RETRIEVER_CHOSEN,
            Artefact.RETRIEVER,
            Artefact.RETRIEVER_CARD,
            Artefact.TRAINING);
  }

  @Override
  public Object settings(RunConfig config) {
    return List.of(config.pretrain(), config.sample());
  }

  @Override
  public void run(StageContext context) throws IOException {
    PretrainConfig config = context.config().pretrain();
    long seed = Seeds.of(context.seed(), name() + "." + context.scenario().key());
    try (RetrievalTables tables =
            new RetrievalTables(context, context.scenario(), context.allocator());
        Retriever retriever =
            new Retriever(
                context.models(), card(context, tables), tables, seed, context.allocator());
        TrainingReports reports = new TrainingReports(context)) {
      BatchSource batches =
          new RequestBatches(tables, retriever, config.targetsPerRequest(), context.allocator());
      Model model = retriever.model();
      Checkpoints checkpoints = new Checkpoints(context.checkpoints());
      Pretraining pretraining = new Pretraining(config, model, batches, checkpoints, reports, seed);
      TrainingCurve curve = pretraining.run();
      context.write(Artefact.RETRIEVER_CHOSEN, file -> model.save(file, false));
      pretraining.continueThroughValidation();
      context.write(Artefact.RETRIEVER, file -> model.save(file, false));
      try (OutputStream out = context.create(Artefact.RETRIEVER_CARD)) {
        retriever.card().write(out);
      }
      try (OutputStream out = context.create(Artefact.TRAINING)) {
        curve.write(retriever.sizes(), out);
      }
    }
  }

  private static RetrieverCard card(StageContext context, RetrievalTables tables)
      throws IOException {
    RunConfig config = context.config();
    return RetrieverCard.of(
        context.scenario(), tables, config.sample(), config.pretrain().retriever());
  }
}
