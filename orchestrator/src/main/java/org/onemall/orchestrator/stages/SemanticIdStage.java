package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Artefact;
import org.onemall.semanticid.NearestFree;
import org.onemall.semanticid.Scorecard;
import org.onemall.semanticid.SemanticIdConfig;
import org.onemall.semanticid.SemanticIds;
import org.onemall.semanticid.SidCoder;
import org.onemall.semanticid.Staying;
import org.onemall.semanticid.Validity;
import org.onemall.shop.CatalogueItems;
import org.onemall.table.TimedVectors;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

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
    try (TimedVectors rows =
            TimedVectors.read(context.file(Artefact.ITEM_VECTORS), context.allocator());
        Coders coders = new Coders(context)) {
      Validity validity = Validity.read(context, context.scenario(), rows, context.allocator());
      SemanticIdConfig config = context.config().semanticid();
      try (SidCoder.Coded coded =
          coders.coder().code(rows.vectors(), new Staying(validity, config.share()))) {
        int[] sizes = coders.coder().sizes();
        int[][] after = resolved(context, sizes, rows.item(), coded);
        try (OutputStream out = context.create(Artefact.SEMANTIC_IDS)) {
          SemanticIds.of(sizes, rows.item(), rows.validFromMs(), after)
              .write(out, context.allocator());
        }
        writeDistances(context, rows, coded.distances());
        SidMeasures measures = new SidMeasures(context, coders, rows, validity);
        writeScorecard(context, measures.scorecard(coded, after));
        try (OutputStream out = context.create(Artefact.SID_TREE)) {
          measures.tree(after, coded.distances()).write(out);
        }
      }
    }
  }

  /** Cards and videos make way for those that came before; a room's conflicts come and go. */
  private static int[][] resolved(
      StageContext context, int[] sizes, int[] items, SidCoder.Coded coded) throws IOException {
    int[][] after = coded.codes().clone();
    int last = sizes.length - 1;
    after[last] = after[last].clone();
    switch (context.scenario()) {
      case LIVE_STREAMING -> {}
      case PRODUCT_CARD, SHORT_VIDEO -> {
        switch (context.config().semanticid().conflicts()) {
          case KEEP -> {}
          case NEAREST_FREE ->
              NearestFree.resolve(
                  sizes,
                  after,
                  CatalogueItems.read(context.file(Artefact.ITEMS), context.allocator())
                      .byFirstAppearance(items),
                  coded.distance());
        }
      }
    }
    return after;
  }

  /** Squared distance of each vector to what its codes, before conflicts, stand for. */
  private static void writeDistances(StageContext context, TimedVectors rows, double[] distances)
      throws IOException {
    BufferAllocator allocator = context.allocator();
    Tensor column = Tensor.allocate(allocator, DType.FLOAT32, distances.length, 1);
    for (int row = 0; row < distances.length; row++) {
      column.setFloat(row, (float) distances[row]);
    }
    try (TimedVectors table = new TimedVectors(rows.item(), rows.validFromMs(), column);
        OutputStream out = context.create(Artefact.SID_DISTANCES)) {
      table.write(out, allocator);
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
