package org.onemall.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.onemall.offer.Offered;
import org.onemall.order.Candidates;
import org.onemall.order.FinalOrders;
import org.onemall.order.JudgedRequest;
import org.onemall.order.Part;
import org.onemall.order.WeightSearch;
import org.onemall.statistics.Bootstrap;
import org.onemall.statistics.Draw;
import org.onemall.statistics.Estimate;

/**
 * Measures the test period. Each thread asks for a {@link Worker} and hands over requests by row,
 * in any order; {@link #result} sums in row order. See the package for the wiring.
 */
public final class Evaluator {
  private static final int RECOMMENDATIONS = 20;
  private static final int HISTORY = 60;

  private final EvaluateConfig config;
  private final FinalOrders orders;
  private final List<JudgedRequest> requests;
  private final List<String> baselines;
  private final Background background;
  private final IntFunction<Offered> offered;
  private final long seed;
  private final Metrics metrics;
  private final Metrics frontierMetrics = new Metrics(List.of(WeightSearch.CUTOFF), List.of());
  private final Tally tally;
  private final Detail detail;
  private final Tally frontier;
  private final Set<Integer> sampleRows;
  private final Evaluation.@Nullable Sample[] samples;
  private final double[] @Nullable [] accuracy;

  /**
   * What is measured beside the model, through {@link Worker#scores}.
   *
   * @param alone parts of the model that are measured by themselves, such as {@code tower}
   * @param baselines models to compare with
   */
  public record Others(List<String> alone, List<String> baselines) {}

  /**
   * @param requests the test period, in time order
   * @param others what is measured beside the model
   * @param background what was known before
   * @param offered by row, what could be retrieved then
   */
  public Evaluator(
      EvaluateConfig config,
      FinalOrders orders,
      List<JudgedRequest> requests,
      Others others,
      Background background,
      IntFunction<Offered> offered,
      long seed) {
    if (requests.isEmpty()) {
      throw new IllegalArgumentException(
          "evaluation: the test period has no request of a user with a history; choose a longer one");
    }
    this.config = config;
    this.orders = orders;
    this.requests = List.copyOf(requests);
    this.baselines = List.copyOf(others.baselines());
    this.background = background;
    this.offered = offered;
    this.seed = seed;
    metrics = new Metrics(config.hitCutoffs(), config.ndcgCutoffs());
    List<String> models = new ArrayList<>(orders.steps().keySet().stream().toList().reversed());
    models.add(FinalOrders.GENERATOR);
    models.addAll(others.alone());
    models.addAll(baselines);
    tally = new Tally(metrics.names(), models, requests.size());
    models.removeIf(
        model -> orders.steps().containsKey(model) && !model.equals(FinalOrders.ONEMALL));
    detail = new Detail(background, this.requests, models);
    frontier =
        new Tally(
            frontierMetrics.names(),
            config.exploreBonuses().stream().map(String::valueOf).toList(),
            requests.size());
    sampleRows = sampleRows();
    samples = new Evaluation.Sample[requests.size()];
    accuracy = new double[requests.size()][];
  }

  /** Seeded rows of distinct users who have a history. */
  private Set<Integer> sampleRows() {
    Set<Integer> users = new LinkedHashSet<>();
    Set<Integer> rows = new LinkedHashSet<>();
    for (int row : Draw.shuffled(requests.size(), seed)) {
      JudgedRequest request = requests.get(row);
      if (rows.size() < config.sampleUsers()
          && request.history().length > 0
          && users.add(request.user())) {
        rows.add(row);
      }
    }
    return rows;
  }

  /**
   * Notes the teacher-forced accuracy of one request, or of one batch under any of its rows.
   *
   * @param correct by level: targets whose code was predicted, given the true prefix
   */
  public void accuracy(int row, double[] correct, double targets) {
    double[] figures = Arrays.copyOf(correct, correct.length + 1);
    figures[correct.length] = targets;
    accuracy[row] = figures;
  }

  /** Scratch of one thread. */
  public Worker worker() {
    return new Worker();
  }

  /** Measures requests; one for each thread. */
  public final class Worker {
    private final Ranking ranking = new Ranking(metrics, background.items());
    private final Ranking frontierRanking = new Ranking(frontierMetrics, background.items());
    private final double[] values = new double[metrics.size()];
    private final double[] totals = new double[metrics.size()];
    private final double[] frontierValues = new double[frontierMetrics.size()];
    private final double[] frontierTotals = new double[frontierMetrics.size()];
    private final Detail.Worker closer = detail.worker();
    private float[] scores = new float[1024];

    private Worker() {}

    /** Measures the generator, every final order and the frontier on completed candidates. */
    public void candidates(int row, Candidates candidates) {
      JudgedRequest request = requests.get(row);
      Offered now = offered.apply(row);
      int count = candidates.count();
      if (scores.length < count) {
        scores = new float[2 * count];
      }
      for (int i = 0; i < candidates.beamCount(); i++) {
        scores[i] = candidates.generator(i);
      }
      measure(row, FinalOrders.GENERATOR, candidates.items(), scores, candidates.beamCount());
      orders
          .steps()
          .forEach((model, order) -> {
            order.score(candidates, scores);
            measure(row, model, candidates.items(), scores, count);
          });
      if (sampleRows.contains(row)) {
        orders.onemall().score(candidates, scores);
        samples[row] = sample(request, candidates, scores);
      }
      for (double bonus : config.exploreBonuses()) {
        orders.onemall().withExplore(bonus).score(candidates, scores);
        frontierRanking.measure(
            candidates.items(), scores, count, request, now, frontierValues, frontierTotals);
        frontier.set(row, String.valueOf(bonus), frontierValues, frontierTotals);
      }
    }

    /** Measures a model that scores every item; -inf keeps an item out of its list. */
    public void scores(int row, String model, float[] scoresOfAllItems) {
      measure(row, model, null, scoresOfAllItems, scoresOfAllItems.length);
    }

    private void measure(
        int row, String model, int @Nullable [] list, float[] listScores, int count) {
      ranking.measure(
          list, listScores, count, requests.get(row), offered.apply(row), values, totals);
      tally.set(row, model, values, totals);
      closer.add(row, model, ranking, list, listScores, count);
    }
  }

  private Evaluation.Sample sample(JudgedRequest request, Candidates candidates, float[] scores) {
    List<Integer> places =
        IntStream.range(0, candidates.count())
            .boxed()
            .sorted((a, b) -> Float.compare(scores[b], scores[a]))
            .limit(RECOMMENDATIONS)
            .toList();
    Map<String, List<Double>> parts = new LinkedHashMap<>();
    orders
        .onemall()
        .weights()
        .forEach((part, weight) -> {
          if (weight > 0) {
            double[] added = orders.onemall().contribution(part, candidates);
            parts.put(
                part.key(),
                places.stream().map(place -> Math.rint(1e3 * added[place]) / 1e3).toList());
          }
        });
    return new Evaluation.Sample(
        request.user(),
        request.request(),
        request.timeMs(),
        Arrays.stream(request.history()).limit(HISTORY).boxed().toList(),
        places.stream().map(candidates::item).toList(),
        parts,
        Arrays.stream(request.targets()).boxed().toList());
  }

  /** All figures; every model must have measured every request. */
  public Evaluation result() {
    Clusters clusters = clusters(requests.stream().mapToInt(JudgedRequest::user).toArray());
    Figures figures = tally.figures(clusters);
    Map<String, Map<String, Estimate>> models = figures.all();
    Map<String, Estimate> generator = models.get(FinalOrders.GENERATOR);
    if (generator != null) {
      generator.putAll(accuracies(clusters.ofRequest()));
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (String baseline : baselines) {
      for (String metric : metrics.names()) {
        figures.compare(FinalOrders.ONEMALL, baseline, metric).ifPresent(comparisons::add);
      }
    }
    return new Evaluation(
        counts(clusters.size()),
        models,
        baselines,
        goals(figures),
        contributions(figures),
        comparisons,
        orders(),
        frontier(clusters),
        byCandidates(),
        detail.result(clusters, baselines, offered),
        Arrays.stream(samples).filter(Objects::nonNull).toList());
  }

  private Clusters clusters(int[] users) {
    return Clusters.of(users, config.bootstrapSamples(), seed);
  }

  private Evaluation.Counts counts(int users) {
    long targets = 0;
    long repeats = 0;
    for (JudgedRequest request : requests) {
      Set<Integer> history =
          Arrays.stream(request.history()).boxed().collect(Collectors.toUnmodifiableSet());
      targets += request.targets().length;
      repeats += Arrays.stream(request.targets()).filter(history::contains).count();
    }
    double candidates =
        IntStream.range(0, requests.size())
            .map(row -> offered.apply(row).items())
            .average()
            .orElse(0);
    return new Evaluation.Counts(
        requests.size(), users, targets, repeats, targets - repeats, Math.rint(candidates));
  }

  private Map<String, Evaluation.Goal> goals(Figures figures) {
    Map<String, Evaluation.Goal> goals = new TreeMap<>();
    config
        .goals()
        .forEach((metric, expected) ->
            figures
                .estimate(FinalOrders.ONEMALL, metric)
                .map(Estimate::value)
                .ifPresent(found ->
                    goals.put(metric, new Evaluation.Goal(expected, found, found >= expected))));
    return goals;
  }

  private List<Evaluation.Contribution> contributions(Figures figures) {
    List<String> ladder = new ArrayList<>(List.of(FinalOrders.GENERATOR));
    ladder.addAll(orders.steps().keySet());
    List<Part> joined = Arrays.stream(Part.values()).filter(orders.parts()::has).toList();
    List<Evaluation.Contribution> steps = new ArrayList<>();
    for (int step = 0; step < ladder.size(); step++) {
      String model = ladder.get(step);
      List<Comparison> gains = new ArrayList<>();
      if (step > 0) {
        String before = ladder.get(step - 1);
        for (String metric : metrics.names()) {
          figures.compare(model, before, metric).ifPresent(gains::add);
        }
      }
      String adds =
          switch (step) {
            case 0 -> FinalOrders.GENERATOR;
            case 1 -> orders.parts().pointer() ? "pointer" : "candidates";
            default -> step - 1 < joined.size() ? joined.get(step - 1).key() : "explore";
          };
      steps.add(new Evaluation.Contribution(model, adds, gains));
    }
    return steps;
  }

  private Map<String, Evaluation.Order> orders() {
    Map<String, Evaluation.Order> byName = new LinkedHashMap<>();
    orders
        .steps()
        .forEach((name, order) -> {
          Map<String, Double> weights = new LinkedHashMap<>();
          order.weights().forEach((part, weight) -> weights.put(part.key(), weight));
          String scaling = order.scaling().name().toLowerCase(Locale.ROOT);
          double validation = orders.validation().getOrDefault(name, Double.NaN);
          byName.put(name, new Evaluation.Order(scaling, weights, order.explore(), validation));
        });
    return byName;
  }

  private List<Evaluation.FrontierPoint> frontier(Clusters clusters) {
    Figures figures = frontier.figures(clusters);
    List<Evaluation.FrontierPoint> points = new ArrayList<>();
    for (double bonus : config.exploreBonuses()) {
      String model = String.valueOf(bonus);
      points.add(
          new Evaluation.FrontierPoint(
              bonus,
              figures.estimate(model, Metrics.Kind.ALL.at(WeightSearch.CUTOFF)).orElse(null),
              figures.estimate(model, Metrics.Kind.REPEAT.at(WeightSearch.CUTOFF)).orElse(null),
              figures.estimate(model, Metrics.Kind.NEW.at(WeightSearch.CUTOFF)).orElse(null)));
    }
    return points;
  }

  private List<Evaluation.CandidatesBucket> byCandidates() {
    int[] sizes =
        IntStream.range(0, requests.size()).map(row -> offered.apply(row).items()).toArray();
    return tally.byCandidates(sizes, metrics.overall());
  }

  /** Acc-SID by level, over the clusters that were measured. */
  private Map<String, Estimate> accuracies(int[] clusters) {
    List<double[]> rows = new ArrayList<>();
    List<Integer> clusterOfRow = new ArrayList<>();
    for (int row = 0; row < accuracy.length; row++) {
      double[] figures = accuracy[row];
      if (figures != null) {
        rows.add(figures);
        clusterOfRow.add(clusters[row]);
      }
    }
    Map<String, Estimate> byLevel = new LinkedHashMap<>();
    if (rows.isEmpty()) {
      return byLevel;
    }
    Clusters measured = clusters(clusterOfRow.stream().mapToInt(Integer::intValue).toArray());
    int levels = rows.getFirst().length - 1;
    double[][] columns = new double[levels + 1][measured.size()];
    for (int row = 0; row < rows.size(); row++) {
      for (int column = 0; column <= levels; column++) {
        columns[column][measured.ofRequest()[row]] += rows.get(row)[column];
      }
    }
    Bootstrap bootstrap = measured.bootstrap(columns);
    for (int level = 0; level < levels; level++) {
      byLevel.put("Acc-SID" + (level + 1), bootstrap.ratio(level, levels));
    }
    return byLevel;
  }
}
