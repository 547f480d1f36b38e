package org.onemall.orchestrator;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.onemall.codebook.CodebookConfig;
import org.onemall.codebook.CodebookConfig.Last;
import org.onemall.codebook.CodebookMetadata;
import org.onemall.codebook.CodebookTable;
import org.onemall.codebook.Fsq;
import org.onemall.codebook.KMeans;
import org.onemall.codebook.ResidualKMeans;
import org.onemall.run.Progress;
import org.onemall.table.TimedVectors;
import org.onemall.tensor.Tensor;

/** Fits the codebook to the item vectors: residual k-means, then FSQ on what it leaves over. */
final class CodebookStage implements Stage {
  @Override
  public String name() {
    return "codebook";
  }

  @Override
  public boolean perScenario() {
    return true;
  }

  @Override
  public List<String> reads() {
    return List.of("item_vectors.arrow");
  }

  @Override
  public List<String> writes() {
    return List.of("codebook.arrow", "fsq.safetensors", "codebook.json");
  }

  @Override
  public Object settings(RunConfig config) {
    return config.codebook();
  }

  @Override
  public void run(StageContext context) throws IOException {
    CodebookConfig config = context.config().codebook();
    try (TimedVectors rows =
        TimedVectors.read(context.input("item_vectors.arrow"), context.allocator())) {
      Tensor vectors = rows.vectors();
      CodebookMetadata metadata =
          new CodebookMetadata(
              config.sizes(),
              config.last(),
              config.last() == Last.FSQ ? config.fsq().bits() : 0,
              Math.toIntExact(vectors.dim(1)));
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
                  context.metric(figures(level, result, vectors.dim(0)));
                });
      }
      try (OutputStream out = context.create("codebook.arrow")) {
        CodebookTable.write(kmeans, out, context.allocator());
      }
      try (OutputStream out = context.create("codebook.json")) {
        metadata.write(out);
      }
      switch (config.last()) {
        case FSQ -> trainFsq(context, kmeans, vectors);
        case KMEANS -> context.write("fsq.safetensors", CodebookStage::noWeights);
      }
    }
  }

  private static Map<String, Object> figures(int level, KMeans.Result result, long items) {
    return Map.of(
        "level",
        level,
        "iterations",
        result.objectives().size() - 1,
        "first_error",
        result.objectives().getFirst() / items,
        "error",
        result.objectives().getLast() / items);
  }

  private static void trainFsq(StageContext context, ResidualKMeans kmeans, Tensor vectors)
      throws IOException {
    CodebookConfig.FsqConfig config = context.config().codebook().fsq();
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
      context.write("fsq.safetensors", fsq::save);
    }
  }

  /** A safetensors file without tensors: the length of the header, and an empty header. */
  private static void noWeights(Path file) throws IOException {
    byte[] header = {'{', '}'};
    Files.write(
        file,
        ByteBuffer.allocate(Long.BYTES + header.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array());
  }
}
