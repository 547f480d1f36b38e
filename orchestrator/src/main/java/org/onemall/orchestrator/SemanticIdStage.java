package org.onemall.orchestrator;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.onemall.codebook.CodebookConfig.Last;
import org.onemall.codebook.CodebookMetadata;
import org.onemall.codebook.CodebookTable;
import org.onemall.codebook.Fsq;
import org.onemall.codebook.NearestCode;
import org.onemall.codebook.ResidualKMeans;
import org.onemall.semanticid.CodeDistance;
import org.onemall.semanticid.NearestFree;
import org.onemall.semanticid.Scorecard;
import org.onemall.semanticid.SemanticIds;
import org.onemall.table.TimedVectors;
import org.onemall.tensor.Tensor;

/** Gives every item its Semantic ID, resolves conflicts and measures both. */
final class SemanticIdStage implements Stage {
  @Override
  public String name() {
    return "semanticid";
  }

  @Override
  public boolean perScenario() {
    return true;
  }

  @Override
  public List<String> reads() {
    return List.of("item_vectors.arrow", "codebook.arrow", "fsq.safetensors", "codebook.json");
  }

  @Override
  public List<String> writes() {
    return List.of("semantic_ids.arrow", "scorecard.json");
  }

  @Override
  public Object settings(RunConfig config) {
    return List.of(config.semanticid(), config.codebook().fsq());
  }

  @Override
  public void run(StageContext context) throws IOException {
    CodebookMetadata metadata = CodebookMetadata.read(context.input("codebook.json"));
    ResidualKMeans kmeans =
        CodebookTable.read(context.input("codebook.arrow"), metadata, context.allocator());
    int coarse = metadata.sizes().size() - (metadata.last() == Last.FSQ ? 0 : 1);
    try (TimedVectors rows =
            TimedVectors.read(context.input("item_vectors.arrow"), context.allocator());
        ResidualKMeans.Coded coded =
            kmeans.code(rows.vectors(), coarse, context.threads(), context.allocator())) {
      LastLevel last =
          switch (metadata.last()) {
            case FSQ -> fsq(context, metadata, coded.residual());
            case KMEANS -> kmeans(context, kmeans, coded.residual());
          };
      int[] sizes = metadata.levelSizes();
      int[][] before = Arrays.copyOf(coded.codes(), sizes.length);
      before[coarse] = last.codes;
      int[][] after = Arrays.copyOf(before, sizes.length);
      after[coarse] = last.codes.clone();
      switch (context.config().semanticid().conflicts()) {
        case KEEP -> {}
        case NEAREST_FREE -> NearestFree.resolve(sizes, after, last.distance);
      }
      Scorecard scorecard = Scorecard.of(sizes, before, after, rows.vectors(), context.threads());
      write(context, scorecard, SemanticIds.of(sizes, rows.item(), rows.validFromMs(), after));
    }
  }

  /** The codes of the last level, and how badly another one would fit. */
  @SuppressWarnings("ArrayRecordComponent")
  private record LastLevel(int[] codes, CodeDistance distance) {}

  private static LastLevel kmeans(StageContext context, ResidualKMeans kmeans, Tensor residual) {
    int[] codes = new NearestCode(kmeans.levels().getLast()).of(residual, context.threads());
    return new LastLevel(codes, CodeDistance.squared(residual, kmeans.levels().getLast()));
  }

  private static LastLevel fsq(StageContext context, CodebookMetadata metadata, Tensor residual) {
    Fsq.Network network = Fsq.Network.of(context.config().codebook().fsq(), metadata.width());
    try (Fsq fsq = new Fsq(context.models(), network, 0, context.allocator())) {
      fsq.load(context.input("fsq.safetensors"));
      int[] codes = fsq.codes(residual);
      return new LastLevel(codes, CodeDistance.hamming(codes, residual, fsq.reconstructions()));
    }
  }

  private static void write(StageContext context, Scorecard scorecard, SemanticIds sids)
      throws IOException {
    try (OutputStream out = context.create("semantic_ids.arrow")) {
      sids.write(out, context.allocator());
    }
    try (OutputStream out = context.create("scorecard.json")) {
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
