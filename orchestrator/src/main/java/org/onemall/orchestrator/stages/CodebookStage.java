package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.onemall.codebook.CodebookConfig;
import org.onemall.codebook.CodebookMetadata;
import org.onemall.codebook.CodebookTable;
import org.onemall.codebook.Fsq;
import org.onemall.codebook.KnownVectors;
import org.onemall.codebook.ResidualKMeans;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Artefact;
import org.onemall.run.Progress;
import org.onemall.run.Seeds;
import org.onemall.table.TimedVectors;
import org.onemall.tensor.Tensor;

/** Fits the codebook to the item vectors: residual k-means, then FSQ on what it leaves over. */
public final class CodebookStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.perScenario("codebook")
        .reads(Artefact.ITEMS, Artefact.PERIODS, Artefact.ITEM_VECTORS)
        .writes(Artefact.CODEBOOK, Artefact.FSQ, Artefact.CODEBOOK_CARD);
  }

  @Override
  public Object settings(RunConfig config) {
    return config.codebook();
  }

  @Override
  public void run(StageContext context) throws IOException {
    CodebookConfig config = context.config().codebook().of(context.scenario());
    try (TimedVectors fitted =
        KnownVectors.read(context, context.scenario(), context.allocator())) {
      Tensor vectors = fitted.vectors();
      ResidualKMeans kmeans;
      try (Progress progress = context.progress("k-means", config.sizes().size())) {
        kmeans =
            ResidualKMeans.fit(
                vectors,
                config,
                Seeds.of(context.seed(), "k-means"),
                context.threads(),
                context.allocator(),
                (level, result) -> {
                  progress.step(1);
                  context.metric(result.figures(level, config.sizes().get(level)));
                });
      }
      try (OutputStream out = context.create(Artefact.CODEBOOK)) {
        CodebookTable.write(kmeans, out, context.allocator());
      }
      try (OutputStream out = context.create(Artefact.CODEBOOK_CARD)) {
        CodebookMetadata.of(config, kmeans, Math.toIntExact(vectors.dim(1))).write(out);
      }
      switch (config.last()) {
        case FSQ -> trainFsq(context, config.fsq(), kmeans, vectors);
        case KMEANS -> context.write(Artefact.FSQ, Fsq::saveNothing);
      }
    }
  }

  private static void trainFsq(
      StageContext context, CodebookConfig.FsqConfig config, ResidualKMeans kmeans, Tensor vectors)
      throws IOException {
    Fsq.Network network = Fsq.Network.of(config, Math.toIntExact(vectors.dim(1)));
    long seed = Seeds.of(context.seed(), "fsq");
    try (ResidualKMeans.Coded coded =
            kmeans.code(vectors, kmeans.levels().size(), context.threads(), context.allocator());
        Fsq fsq = new Fsq(context.models(), network, seed, context.allocator());
        Progress progress = context.progress("FSQ epochs", config.epochs())) {
      fsq.train(
          coded.residual(),
          config,
          Seeds.of(context.seed(), "fsq order"),
          (epoch, means) -> {
            progress.step(1);
            Map<String, Object> values = new HashMap<>(means);
            values.put("epoch", epoch);
            context.metric(values);
          });
      context.write(Artefact.FSQ, fsq::save);
    }
  }
}
