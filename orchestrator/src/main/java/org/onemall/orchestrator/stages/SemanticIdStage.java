package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.codebook.CodebookConfig;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Artefact;
import org.onemall.semanticid.Coders;
import org.onemall.semanticid.ConflictResolution;
import org.onemall.semanticid.Scorecard;
import org.onemall.semanticid.SemanticIdConfig;
import org.onemall.semanticid.SemanticIds;
import org.onemall.semanticid.SidCoder;
import org.onemall.semanticid.SidMeasures;
import org.onemall.semanticid.SidScope;
import org.onemall.semanticid.Staying;
import org.onemall.semanticid.Validity;
import org.onemall.table.TimedVectors;

/** Gives every item its Semantic ID over time, resolves conflicts and measures both. */
public final class SemanticIdStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.perScenario("semanticid")
        .reads(
            Artefact.ITEMS,
            Artefact.INTERACTIONS,
            Artefact.ROOM_STATES,
            Artefact.PERIODS,
            Artefact.TOWER_EMBEDDINGS,
            Artefact.ITEM_EMBEDDINGS,
            Artefact.ITEM_VECTORS,
            Artefact.CODEBOOK,
            Artefact.FSQ,
            Artefact.CODEBOOK_CARD)
        .writes(
            Artefact.SEMANTIC_IDS, Artefact.SID_DISTANCES, Artefact.SCORECARD, Artefact.SID_TREE);
  }

  @Override
  public Object settings(RunConfig config) {
    return List.of(config.semanticid(), config.codebook());
  }

  @Override
  public void run(StageContext context) throws IOException {
    BufferAllocator allocator = context.allocator();
    SidScope scope =
        new SidScope(context, context.scenario(), context.seed(), context.threads(), allocator);
    SemanticIdConfig config = context.config().semanticid();
    CodebookConfig codebook = context.config().codebook().of(context.scenario());
    try (TimedVectors rows = TimedVectors.read(context.file(Artefact.ITEM_VECTORS), allocator);
        Coders coders = new Coders(scope, codebook, context::models)) {
      Validity validity = Validity.read(context, context.scenario(), rows, allocator);
      try (SidCoder.Coded coded =
          coders.coder().code(rows.vectors(), new Staying(validity, config.share()))) {
        int[] sizes = coders.coder().sizes();
        int[][] after = ConflictResolution.of(scope, config.conflicts(), sizes, rows.item(), coded);
        try (OutputStream out = context.create(Artefact.SEMANTIC_IDS)) {
          SemanticIds.of(sizes, rows.item(), rows.validFromMs(), after).write(out, allocator);
        }
        try (OutputStream out = context.create(Artefact.SID_DISTANCES)) {
          coded.writeDistances(rows, out, allocator);
        }
        SidMeasures measures = new SidMeasures(scope, config, coders, rows, validity);
        writeScorecard(context, measures.scorecard(coded, after));
        try (OutputStream out = context.create(Artefact.SID_TREE)) {
          measures.tree(after, coded.distances()).write(out);
        }
      }
    }
  }

  private static void writeScorecard(StageContext context, Scorecard scorecard) throws IOException {
    try (OutputStream out = context.create(Artefact.SCORECARD)) {
      scorecard.write(out);
    }
    context.metric(
        Map.of(
            "conflict_before",
            scorecard.before().conflict(),
            "conflict",
            scorecard.after().conflict(),
            "exclusive",
            scorecard.after().exclusive(),
            "moved",
            scorecard.moved()));
  }
}
