package org.onemall.order;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.onemall.parallel.Parallel;
import org.onemall.shop.Scenario;
import org.onemall.statistics.RankCounter;

/**
 * Chooses the weights of a final order on validation requests: HR@k + {@value #TAIL_SHARE} HR@{10
 * k}, per target, ties ranked fairly; k is {@value #CUTOFF} where the config says nothing else.
 *
 * <p>A coordinate search: part by part, the best weight of the grid while the others stay, until a
 * round changes nothing; then the same with steps of a quarter and a tenth around the weights. It
 * starts once from the first part alone and once from equal weights, and takes the better end. All
 * ties go to the first found, so it is deterministic. The first part's weight stays 1: only ratios
 * matter.
 */
public final class WeightSearch {
  public static final int CUTOFF = 50;
  static final int TAIL = 10;
  static final double TAIL_SHARE = 0.1;

  private static final int MOST_ROUNDS = 10;
  private static final double LEAST_GAIN = 1e-9;
  private static final double[] STEPS = {0.75, 0.9, 1.1, 1.25};

  private final List<Scaling> scalings;
  private final List<Double> grid;
  private final @Nullable Problem[] problems;
  private final int cutoff;
  private final int threads;

  /** One request: scaled parts (scalings, parts, candidates) and where its targets are. */
  @SuppressWarnings("ArrayRecordComponent") // Scratch of the search; never compared.
  private record Problem(float[][][] parts, boolean[] inHistory, int[] found, int targets) {}

  /** What the search is after, and what it reached. */
  record Choice(FinalOrder order, double objective) {}

  /**
   * A search over {@code requests} validation requests of a scenario.
   *
   * @param threads that compare orders
   */
  public WeightSearch(OrderConfig config, Scenario scenario, int requests, int threads) {
    this.threads = threads;
    cutoff = config.tuneHits(scenario);
    scalings = config.scalings();
    grid = config.weights();
    problems = new Problem[requests];
  }

  /**
   * Adds one request with its completed candidates; each row once, from any thread. Whether the
   * request counts towards {@code tune_requests} is the caller's choice of rows.
   */
  public void add(int row, JudgedRequest request, Candidates candidates) {
    int count = candidates.count();
    float[][][] scaled = new float[scalings.size()][Part.values().length][];
    for (int s = 0; s < scaled.length; s++) {
      for (Part part : Part.values()) {
        float[] values = Arrays.copyOf(candidates.values(part), count);
        scalings.get(s).scale(part, values, count);
        scaled[s][part.index()] = values;
      }
    }
    boolean[] inHistory = new boolean[count];
    for (int i = 0; i < count; i++) {
      inHistory[i] = candidates.inHistory(i);
    }
    Set<Integer> targets = Set.copyOf(IntStream.of(request.targets()).boxed().toList());
    int[] found =
        IntStream.range(0, count).filter(i -> targets.contains(candidates.item(i))).toArray();
    problems[row] = new Problem(scaled, inHistory, found, request.targets().length);
  }

  /** The best order of {@code parts}, which hold at least one. */
  Choice choose(List<Part> parts, double explore) {
    Choice best = null;
    for (Scaling scaling : scalings) {
      for (double start : parts.size() == 1 ? new double[] {0} : new double[] {0, 1}) {
        Map<Part, Double> weights = new EnumMap<>(Part.class);
        for (Part part : parts) {
          weights.put(part, start);
        }
        weights.put(parts.getFirst(), 1.0);
        FinalOrder order = new FinalOrder(scaling, weights, explore);
        Choice choice = search(new Choice(order, objective(order)), parts);
        if (best == null || choice.objective > best.objective + LEAST_GAIN) {
          best = choice;
        }
      }
    }
    if (best == null) {
      throw new IllegalStateException("weights: no scaling to choose from");
    }
    return best;
  }

  private Choice search(Choice start, List<Part> parts) {
    Choice choice = start;
    for (int phase = 0; phase < 2; phase++) {
      for (int round = 0; round < MOST_ROUNDS; round++) {
        double before = choice.objective;
        for (Part part : parts.subList(1, parts.size())) {
          choice = best(choice, part, phase == 1);
        }
        if (choice.objective <= before + LEAST_GAIN) {
          break;
        }
      }
    }
    return choice;
  }

  private Choice best(Choice current, Part part, boolean fine) {
    double now = current.order.weights().getOrDefault(part, 0.0);
    double[] weights =
        fine
            ? Arrays.stream(STEPS).map(step -> now * step).toArray()
            : grid.stream().mapToDouble(Double::doubleValue).toArray();
    Choice best = current;
    for (double weight : weights) {
      if (weight != now) {
        FinalOrder order = current.order.with(part, weight);
        double objective = objective(order);
        if (objective > best.objective + LEAST_GAIN) {
          best = new Choice(order, objective);
        }
      }
    }
    return best;
  }

  private double objective(FinalOrder order) {
    int scaling = scalings.indexOf(order.scaling());
    double[] hits = new double[problems.length];
    Parallel.each(threads, hits.length, row -> hits[row] = hits(problem(row), scaling, order));
    double sum = 0;
    long targets = 0;
    for (int row = 0; row < hits.length; row++) {
      sum += hits[row];
      targets += problem(row).targets;
    }
    return targets == 0 ? 0 : sum / targets;
  }

  private Problem problem(int row) {
    Problem problem = problems[row];
    if (problem == null) {
      throw new IllegalStateException(
          "weights: validation request %d of %d was not added".formatted(row, problems.length));
    }
    return problem;
  }

  private double hits(Problem problem, int scaling, FinalOrder order) {
    float[][] parts = problem.parts[scaling];
    int count = problem.inHistory.length;
    float[] scores = new float[count];
    double[] weights = new double[parts.length];
    order.weights().forEach((part, weight) -> weights[part.index()] = weight);
    for (int i = 0; i < count; i++) {
      double score = problem.inHistory[i] ? 0 : order.explore();
      for (int part = 0; part < weights.length; part++) {
        score += weights[part] * parts[part][i];
      }
      scores[i] = (float) score;
    }
    float[] targets = new float[problem.found.length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = scores[problem.found[i]];
    }
    RankCounter counter = new RankCounter();
    counter.start(targets, targets.length);
    for (float score : scores) {
      counter.add(score);
    }
    counter.finish();
    double sum = 0;
    for (float target : targets) {
      sum += counter.hit(target, cutoff) + TAIL_SHARE * counter.hit(target, TAIL * cutoff);
    }
    return sum;
  }
}
