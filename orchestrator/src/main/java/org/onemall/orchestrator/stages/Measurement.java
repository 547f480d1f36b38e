package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onemall.baseline.BaselineParameters;
import org.onemall.baseline.Baselines;
import org.onemall.baseline.Past;
import org.onemall.baseline.Scorer;
import org.onemall.evaluate.Background;
import org.onemall.evaluate.Case;
import org.onemall.evaluate.EvaluateConfig;
import org.onemall.evaluate.Evaluator;
import org.onemall.evaluate.FinalOrders;
import org.onemall.evaluate.Offered;
import org.onemall.evaluate.WeightSearch;
import org.onemall.model.Answer;
import org.onemall.model.Model;
import org.onemall.offer.Assortment;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.retrieve.Memory;
import org.onemall.retrieve.Retrieval;
import org.onemall.run.Artefact;
import org.onemall.run.Progress;
import org.onemall.sample.Assembler;
import org.onemall.sample.History;
import org.onemall.sample.Requests;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.shop.Catalogue;
import org.onemall.shop.Period;
import org.onemall.statistics.Draw;
import org.onemall.table.VectorTable;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * Walks validation and test requests through retrieval, memory and baselines, in batches and in
 * order.
 */
public final class Measurement {
  private static final String MEASURE = "retriever, measure";

  private final StageContext context;
  private final EvaluateConfig config;
  private final RequestTables tables;
  private final Requests requests;
  private final BaselineParameters parameters;
  private final Baskets baskets;

  Measurement(StageContext context, RequestTables tables) throws IOException {
    this.context = context;
    this.config = context.config().evaluate();
    this.tables = tables;
    this.requests = tables.tables().requests();
    this.parameters = BaselineParameters.read(context.file(Artefact.BASELINES));
    this.baskets =
        Baskets.read(
            context.file(Artefact.INTERACTIONS),
            context.config().baseline().behavior(),
            tables.history().users(),
            tables.history().items(),
            context.allocator());
  }

  /** Chooses the final orders on validation; memory knows what came before it. */
  FinalOrders choose(Retrieval retrieval, long seed) {
    int[] all = requests.rows(Period.VALIDATION);
    int[] rows =
        Arrays.stream(Draw.rows(all.length, config.tuneRequests(), seed))
            .map(i -> all[i])
            .toArray();
    WeightSearch search =
        new WeightSearch(config, context.scenario(), rows.length, context.threads());
    Scores scores = new Scores(tables.periods().validationFromMs());
    int[] next = {0};
    walk(
        "validation requests",
        rows,
        batch ->
            retrieval.retrieve(
                batch,
                scores,
                (row, candidates, tower, offered) ->
                    search.add(next[0]++, judged(row), candidates)));
    return FinalOrders.choose(search, config);
  }

  /** Measures the model, its parts and the baselines on the test period. */
  Evaluator measure(Retrieval retrieval, FinalOrders orders, Model model, long seed)
      throws IOException {
    try (Tensor vectors =
        VectorTable.read(context.file(Artefact.ITEM_FEATURES), context.allocator())) {
      int[] rows = testRows(seed);
      return measure(retrieval, orders, model, rows, background(rows, vectors), seed);
    }
  }

  private Evaluator measure(
      Retrieval retrieval,
      FinalOrders orders,
      Model model,
      int[] rows,
      Background background,
      long seed) {
    Scores scores = new Scores(tables.periods().testFromMs());
    List<Case> cases = Arrays.stream(rows).mapToObj(this::judged).toList();
    Evaluator evaluator =
        new Evaluator(
            config,
            orders,
            cases,
            new Evaluator.Others(List.of("tower"), scores.names()),
            background,
            row -> offered(rows[row]),
            seed);
    Evaluator.Worker worker = evaluator.worker();
    Assembler assembler = tables.assembler();
    int[] next = {0};
    walk(
        "test requests",
        rows,
        batch -> {
          try (Tensors measured = assembler.measurement(batch, context.allocator());
              Tensors nothing = new Tensors()) {
            Map<String, Double> figures = model.infer("measure", measured, nothing);
            evaluator.accuracy(
                next[0], correct(figures), Answer.figure(figures, MEASURE, "targets"));
          }
          retrieval.retrieve(
              batch,
              scores,
              (row, candidates, tower, offered) -> {
                int place = next[0]++;
                worker.candidates(place, candidates);
                worker.scores(place, "tower", tower);
                scores.each((name, values) -> {
                  offered.mask(values);
                  worker.scores(place, name, values);
                });
              });
        });
    return evaluator;
  }

  private Background background(int[] rows, Tensor vectors) throws IOException {
    History history = tables.history();
    long testFromMs = tables.periods().testFromMs();
    int bit = context.config().sample().targetBehavior().bit();
    int[] taken = new int[history.items()];
    Arrays.setAll(taken, item -> tables.scenario(item) == context.scenario() ? 0 : -1);
    for (long row = 0; row < history.rows(); row++) {
      int item = history.item(row);
      if (taken[item] >= 0
          && history.timeMs(row) < testFromMs
          && (history.behaviors(row) & bit) != 0) {
        taken[item]++;
      }
    }
    double candidates = Arrays.stream(rows).map(row -> offered(row).items()).average().orElse(0);
    return new Background(
        config.listCutoff(context.scenario(), candidates),
        taken,
        user -> history.timeMs(history.start(user)) < testFromMs,
        Catalogue.prices(context.file(Artefact.ITEMS), context.allocator()),
        vectors);
  }

  private void walk(String what, int[] rows, BatchWalker walker) {
    try (Progress progress = context.progress(what, rows.length)) {
      for (int start = 0; start < rows.length; start += config.batch()) {
        int[] batch =
            Arrays.copyOfRange(rows, start, Math.min(rows.length, start + config.batch()));
        walker.walk(batch);
        progress.step(batch.length);
      }
    }
  }

  private Case judged(int row) {
    Behavior behavior = context.config().sample().targetBehavior();
    return new Case(
        requests.request(row),
        requests.user(row),
        requests.timeMs(row),
        tables.tables().distinctHistory(row, behavior),
        requests.targets(row));
  }

  private int[] testRows(long seed) {
    int[] all = requests.rows(Period.TEST);
    int most = config.testRequests() == null ? all.length : config.testRequests();
    return all.length <= most
        ? all
        : Arrays.stream(Draw.rows(all.length, most, seed)).map(i -> all[i]).toArray();
  }

  private Offered offered(int row) {
    Assortment assortment = tables.assortments().at(requests.timeMs(row));
    return new Offered() {
      @Override
      public int items() {
        return assortment.size();
      }

      @Override
      public int sids() {
        return assortment.index().leaves();
      }

      @Override
      public int sid(int item) {
        return assortment.leaf(item);
      }
    };
  }

  private double[] correct(Map<String, Double> figures) {
    double[] correct = new double[tables.sids().levels()];
    Arrays.setAll(correct, level -> Answer.figure(figures, MEASURE, "correct_" + (level + 1)));
    return correct;
  }

  @FunctionalInterface
  private interface BatchWalker {
    void walk(int[] rows);
  }

  @FunctionalInterface
  private interface NamedScores {
    void accept(String name, float[] scores);
  }

  /** All baselines for the request at hand; two of them are the model's memory. */
  private final class Scores implements Memory {
    private final Map<Scorer, float[]> byScorer = new LinkedHashMap<>();

    Scores(long moment) {
      for (Scorer scorer : Baselines.fit(baskets, moment, parameters, context.threads())) {
        byScorer.put(scorer, new float[tables.tables().history().items()]);
      }
    }

    List<String> names() {
      return byScorer.keySet().stream().map(Scorer::name).toList();
    }

    void each(NamedScores sink) {
      byScorer.forEach((scorer, values) -> sink.accept(scorer.name(), values));
    }

    @Override
    public void score(int row, float[] knn, float[] frequency) {
      Past past = past(row);
      byScorer.forEach((scorer, values) -> {
        scorer.score(past, values);
        if (scorer.name().equals("item_knn")) {
          System.arraycopy(values, 0, knn, 0, values.length);
        } else if (scorer.name().equals("personal_frequency")) {
          System.arraycopy(values, 0, frequency, 0, values.length);
        }
      });
    }

    private Past past(int row) {
      History history = tables.tables().history();
      long start = history.start(requests.user(row));
      int bit = context.config().baseline().behavior().bit();
      int count = Math.toIntExact(requests.historyEnd(row) - start);
      int[] ids = new int[count];
      int[] items = new int[count];
      int found = 0;
      for (long at = start; at < requests.historyEnd(row); at++) {
        if ((history.behaviors(at) & bit) != 0) {
          ids[found] = history.request(at);
          items[found++] = history.item(at);
        }
      }
      return Past.of(Arrays.copyOf(ids, found), Arrays.copyOf(items, found));
    }
  }
}
