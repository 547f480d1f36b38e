package org.onemall.evaluate;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.baseline.FittedBaseline;
import org.onemall.baseline.FittedBaselines;
import org.onemall.model.Answer;
import org.onemall.order.FinalOrders;
import org.onemall.order.JudgedRequest;
import org.onemall.order.OrderConfig;
import org.onemall.retrieve.Memory;
import org.onemall.retrieve.RequestWalk;
import org.onemall.retrieve.Retrieval;
import org.onemall.retrieve.RetrievalTables;
import org.onemall.retrieve.Retriever;
import org.onemall.sample.Assembler;
import org.onemall.sample.History;
import org.onemall.shop.Period;
import org.onemall.shop.Scenario;
import org.onemall.statistics.Draw;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/** Measures the model, its parts and the baselines on the test period. */
public final class Measurement {
  private static final String MEASURE = "retriever, measure";
  private static final String TOWER = "tower";

  private final EvaluateConfig config;
  private final OrderConfig order;
  private final RetrievalTables tables;
  private final Retriever retriever;
  private final long seed;

  public Measurement(
      EvaluateConfig config,
      OrderConfig order,
      RetrievalTables tables,
      Retriever retriever,
      long seed) {
    this.config = config;
    this.order = order;
    this.tables = tables;
    this.retriever = retriever;
    this.seed = seed;
  }

  /** The rows of the requests table that are measured. */
  public int[] rows() {
    int[] all = tables.requests().rows(Period.TEST);
    int most = config.testRequests() == null ? all.length : config.testRequests();
    return all.length <= most
        ? all
        : Arrays.stream(Draw.rows(all.length, most, seed)).map(i -> all[i]).toArray();
  }

  /**
   * Measures.
   *
   * @param orders chosen on validation
   * @param baselines fitted to what came before the test period
   * @param done hears how many more requests are done
   */
  public Evaluation measure(
      FinalOrders orders,
      FittedBaselines baselines,
      int[] rows,
      int threads,
      BufferAllocator allocator,
      IntConsumer done)
      throws IOException {
    RequestWalk walk = new RequestWalk(tables, rows, order.batch(), done);
    List<JudgedRequest> requests = walk.judged(retriever.card().sample().targetBehavior());
    float[] scores = new float[tables.history().items()];
    Batch batch = new Batch();
    try (Tensor vectors = tables.vectors()) {
      Evaluator evaluator =
          new Evaluator(
              config,
              orders,
              requests,
              new Evaluator.Others(List.of(TOWER), baselines.names()),
              background(walk, rows.length, vectors),
              walk::offered,
              seed);
      Evaluator.Worker worker = evaluator.worker();
      Assembler assembler = retriever.assembler();
      try (Retrieval retrieval = retriever.search(order, threads)) {
        walk.retrieve(
            retrieval,
            Memory.of(baselines),
            (first, part) -> {
              batch.first = first;
              batch.scores = baselines.batch(tables.tables().queries(part));
              try (Tensors tensors = assembler.measurement(part, allocator)) {
                Map<String, Double> figures = retriever.measure(tensors);
                evaluator.accuracy(
                    first, correct(figures), Answer.figure(figures, MEASURE, "targets"));
              }
            },
            (place, candidates, tower, offered) -> {
              worker.candidates(place, candidates);
              worker.scores(place, TOWER, tower);
              batch.scores.forEach((name, of) -> {
                of.fill(place - batch.first, scores);
                offered.mask(scores);
                worker.scores(place, name, scores);
              });
            });
      }
      return evaluator.result();
    }
  }

  /** What the baselines say of the requests that are being retrieved for. */
  private static final class Batch {
    int first;
    Map<String, FittedBaseline.Scores> scores = Map.of();
  }

  private Background background(RequestWalk walk, int requests, Tensor vectors) throws IOException {
    History history = tables.history();
    Scenario scenario = retriever.card().scenario();
    long knownBeforeMs = tables.periods().knownBeforeMs(Period.TEST);
    int bit = retriever.card().sample().targetBehavior().bit();
    int[] taken = new int[history.items()];
    Arrays.setAll(taken, item -> tables.scenario(item) == scenario ? 0 : -1);
    for (long row = 0; row < history.rows(); row++) {
      int item = history.item(row);
      if (taken[item] >= 0
          && history.timeMs(row) < knownBeforeMs
          && (history.behaviors(row) & bit) != 0) {
        taken[item]++;
      }
    }
    double candidates =
        IntStream.range(0, requests).map(place -> walk.offered(place).items()).average().orElse(0);
    return new Background(
        config.listCutoff(order.tuneHits(scenario), candidates),
        taken,
        user -> history.timeMs(history.start(user)) < knownBeforeMs,
        tables.prices(),
        vectors);
  }

  private double[] correct(Map<String, Double> figures) {
    double[] correct = new double[tables.sids().levels()];
    Arrays.setAll(correct, level -> Answer.figure(figures, MEASURE, "correct_" + (level + 1)));
    return correct;
  }
}
