package org.onemall.orchestrator.stages;

import java.util.List;
import org.onemall.orchestrator.pipeline.Pipeline;

/** The product's own pipeline: the stage table of ARCHITECTURE.md. */
public final class StandardPipeline {
  private StandardPipeline() {}

  public static Pipeline create() {
    return new Pipeline(
        List.of(
            new IngestStage(),
            new TwoTowerStage(),
            new Item2ItemStage(),
            new TokenizerStage(),
            new EmbedStage(),
            new RepresentStage(),
            new CodebookStage(),
            new SemanticIdStage(),
            new SampleStage(),
            new PretrainStage(),
            new BaselineStage(),
            new OrderStage(),
            new EvaluateStage(),
            new ReportStage()));
  }
}
