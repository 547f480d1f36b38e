package org.onemall.orchestrator.stages;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.onemall.model.Model;
import org.onemall.model.Models;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.pretrain.BatchSource;
import org.onemall.pretrain.Checkpoints;
import org.onemall.pretrain.Pretraining;
import org.onemall.pretrain.RetrieverShape;
import org.onemall.pretrain.TrainingCurve;
import org.onemall.run.Artefact;
import org.onemall.run.Seeds;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.tensor.Tensors;

/** Trains the retriever on requests. */
public final class PretrainStage implements Stage {
  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  @Override
  public Declaration declaration() {
    return Declaration.perScenario("pretrain")
        .reads(RequestTables.READS)
        .writes(Artefact.RETRIEVER_CHOSEN, Artefact.RETRIEVER, Artefact.TRAINING);
  }

  @Override
  public Object settings(RunConfig config) {
    return List.of(config.pretrain(), config.sample());
  }

  /** What a retriever of this run is opened with. */
  static RetrieverShape shape(StageContext context, RequestTables tables) throws IOException {
    int width;
    try (TableReader reader =
        new TableReader(
            TableSchema.VECTORS, context.file(Artefact.ITEM_FEATURES), context.allocator())) {
      width = reader.width();
    }
    return new RetrieverShape(
        context.config().pretrain().retriever(),
        tables.knownItems(),
        IntStream.of(tables.sids().sizes()).boxed().toList(),
        width,
        context.config().sample().neighbours(),
        tables.scenarios(),
        context.config().sample().behaviors());
  }

  @Override
  public void run(StageContext context) throws IOException {
    long seed = Seeds.of(context.seed(), name() + "." + context.scenario().key());
    try (RequestTables tables = new RequestTables(context);
        Model model = context.models().open(Models.Kind.RETRIEVER, shape(context, tables), seed)) {
      tables.feedItems(model);
      BatchSource batches = new RequestBatches(context, tables, tables.assembler());
      Map<String, Double> sizes;
      try (Tensors nothing = new Tensors()) {
        sizes = model.infer("sizes", nothing, nothing);
      }
      TrainingCurve curve;
      try (TrainingReports reports = new TrainingReports(context)) {
        Checkpoints checkpoints = new Checkpoints(context.checkpoints());
        Pretraining pretraining =
            new Pretraining(
                context.config().pretrain(), model, batches, checkpoints, reports, seed);
        curve = pretraining.run();
        context.write(Artefact.RETRIEVER_CHOSEN, file -> model.save(file, false));
        pretraining.continueThroughValidation();
      }
      context.write(Artefact.RETRIEVER, file -> model.save(file, false));
      ObjectNode report = JSON.valueToTree(curve);
      report.set("parameters", JSON.valueToTree(sizes));
      try (OutputStream out = context.create(Artefact.TRAINING)) {
        out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
      }
    }
  }
}
