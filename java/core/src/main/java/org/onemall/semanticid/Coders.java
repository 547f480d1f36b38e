package org.onemall.semanticid;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.onemall.codebook.Centroids;
import org.onemall.codebook.CodebookConfig;
import org.onemall.codebook.CodebookConfig.Last;
import org.onemall.codebook.CodebookMetadata;
import org.onemall.codebook.CodebookTable;
import org.onemall.codebook.Fsq;
import org.onemall.codebook.ResidualKMeans;
import org.onemall.model.Models;
import org.onemall.run.Artefact;
import org.onemall.run.Seeds;
import org.onemall.tensor.Tensor;

/**
 * The scenario's frozen codebook, ready to code vectors, and the same with the other kind of last
 * level, to compare. Owns the FSQ networks.
 */
public final class Coders implements AutoCloseable {
  private final SidScope scope;
  private final Supplier<Models> models;
  private final CodebookConfig config;
  private final CodebookMetadata metadata;
  private final Deque<Fsq> networks = new ArrayDeque<>();
  private final SidCoder coder;

  /**
   * Reads the scenario's codebook.
   *
   * @param config that it was fitted with
   * @param models asked for where there is an FSQ level to open
   */
  public Coders(SidScope scope, CodebookConfig config, Supplier<Models> models) throws IOException {
    this.scope = scope;
    this.config = config;
    this.models = models;
    metadata = CodebookMetadata.read(scope.run().file(Artefact.CODEBOOK_CARD));
    ResidualKMeans all =
        CodebookTable.read(scope.run().file(Artefact.CODEBOOK), metadata, scope.allocator());
    coder =
        switch (metadata.last()) {
          case FSQ -> {
            Fsq fsq = network(0);
            fsq.load(scope.run().file(Artefact.FSQ));
            yield coder(all, new LastLevel.FsqLevel(fsq));
          }
          case KMEANS ->
              coder(
                  new ResidualKMeans(all.levels().subList(0, all.levels().size() - 1)),
                  new LastLevel.KMeansLevel(all.levels().getLast()));
        };
  }

  private SidCoder coder(ResidualKMeans coarse, LastLevel last) {
    return new SidCoder(coarse, last, scope.threads(), scope.allocator());
  }

  private Fsq network(long seed) {
    CodebookConfig.FsqConfig fsq = config.fsq();
    int bits = metadata.last() == Last.FSQ ? metadata.bits() : fsq.bits();
    Fsq opened =
        new Fsq(
            models.get(),
            new Fsq.Network(metadata.width(), bits, fsq.hidden(), fsq.balanceWeight()),
            seed,
            scope.allocator());
    networks.push(opened);
    return opened;
  }

  CodebookMetadata metadata() {
    return metadata;
  }

  /** The codebook. */
  public SidCoder coder() {
    return coder;
  }

  /** The name of a kind of last level, in figures. */
  static String name(Last last) {
    return switch (last) {
      case FSQ -> "res_kmeans_fsq";
      case KMEANS -> "res_kmeans";
    };
  }

  /** The other kind of last level. */
  Last other() {
    return switch (metadata.last()) {
      case FSQ -> Last.KMEANS;
      case KMEANS -> Last.FSQ;
    };
  }

  /**
   * The codebook with the other kind of last level.
   *
   * @param fitted the vectors that the codebook was fitted to
   */
  SidCoder withOther(Tensor fitted) throws IOException {
    ResidualKMeans coarse = coder.coarse();
    try (ResidualKMeans.Coded coded =
        coarse.code(fitted, coarse.levels().size(), scope.threads(), scope.allocator())) {
      return switch (other()) {
        case FSQ -> {
          Fsq fsq = network(Seeds.of(scope.seed(), "other fsq"));
          long order = Seeds.of(scope.seed(), "other fsq order");
          fsq.train(coded.residual(), config.fsq(), order, (epoch, means) -> {});
          yield coder(coarse, new LastLevel.FsqLevel(fsq));
        }
        case KMEANS -> coder(coarse, new LastLevel.KMeansLevel(one(coded.residual())));
      };
    }
  }

  private Centroids one(Tensor residual) {
    return fit(residual, List.of(1 << metadata.bits())).levels().getFirst();
  }

  /** Res-KMeans with as many codes a level as the codebook has, on other vectors. */
  SidCoder kmeans(Tensor fitted) {
    int last = metadata.last() == Last.FSQ ? 1 << metadata.bits() : metadata.sizes().getLast();
    List<Integer> coarse = metadata.wanted();
    if (metadata.last() == Last.KMEANS) {
      coarse = coarse.subList(0, coarse.size() - 1);
    }
    ResidualKMeans all = fit(fitted, Stream.concat(coarse.stream(), Stream.of(last)).toList());
    return coder(
        new ResidualKMeans(all.levels().subList(0, all.levels().size() - 1)),
        new LastLevel.KMeansLevel(all.levels().getLast()));
  }

  private ResidualKMeans fit(Tensor vectors, List<Integer> sizes) {
    return ResidualKMeans.fit(
        vectors,
        new CodebookConfig(
            sizes,
            Last.KMEANS,
            config.iterations(),
            config.tolerance(),
            config.start(),
            config.fsq()),
        Seeds.of(scope.seed(), "other k-means"),
        scope.threads(),
        scope.allocator(),
        (level, result) -> {});
  }

  @Override
  public void close() {
    while (!networks.isEmpty()) {
      networks.pop().close();
    }
  }
}
