package org.onemall.evaluate;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.run.JsonFile;
import org.onemall.statistics.Estimate;

/**
 * What {@code evaluation.json} holds: the figures of one scenario on the test period.
 *
 * @param counts what was measured on
 * @param models {@code models.<model>.<metric>.{value,low,high}}
 * @param baselines which of the models are baselines
 * @param goals the whole model against what the config expects of it
 * @param contributions the ladder from the pure generator to the whole model
 * @param comparisons the whole model against each baseline, metric by metric
 * @param orders the chosen weights of each step
 * @param frontier repeats against new items for a range of explore bonuses, rising
 * @param byCandidates the same figures by how many items could be retrieved at the request's moment
 * @param detail the lists of one cutoff, slice by slice and beyond accuracy
 * @param samples seeded sample users
 */
public record Evaluation(
    Counts counts,
    Map<String, Map<String, Estimate>> models,
    List<String> baselines,
    Map<String, Goal> goals,
    List<Contribution> contributions,
    List<Comparison> comparisons,
    Map<String, Order> orders,
    List<FrontierPoint> frontier,
    List<CandidatesBucket> byCandidates,
    Detail detail,
    List<Sample> samples) {

  /**
   * What was measured on.
   *
   * @param users of the requests, distinct
   * @param repeats targets that the user had before; the others are {@code fresh}
   * @param candidates mean number of items that could be recommended at a request's moment: a
   *     cutoff from there on finds everything
   */
  public record Counts(
      int requests, int users, long targets, long repeats, long fresh, double candidates) {}

  /**
   * A closer look at lists of one length.
   *
   * @param offered items that could be recommended at some moment of the period
   * @param slices the hit rate by what was known of user, item and moment; slices without a target
   *     are left out
   * @param revenue by model, the share of the targets' prices that was found; empty without prices
   * @param lists by model, what its lists are like
   */
  public record Detail(
      int cutoff,
      int offered,
      List<Slice> slices,
      Map<String, Estimate> revenue,
      Map<String, Lists> lists) {}

  /**
   * Targets that have something in common.
   *
   * @param by kind of slice: each target is in one slice of each kind
   * @param models by model, the hit rate at the cutoff
   * @param comparisons the whole model against each baseline
   */
  public record Slice(
      String by,
      String name,
      long targets,
      Map<String, Estimate> models,
      List<Comparison> comparisons) {}

  /**
   * What lists are like beyond accuracy.
   *
   * @param coverage share of what was offered that stood in some list
   * @param gini how unevenly lists show what was offered: 0 = all items as often, near 1 = a few
   * @param novelty mean self-information of the shown items by how often they were taken before the
   *     period, in bits
   * @param diversity mean of 1 - cosine between the items of a list
   */
  public record Lists(double coverage, double gini, double novelty, double diversity) {}

  /** A figure that the config expects and what was found. */
  public record Goal(double expected, double found, boolean met) {}

  /**
   * One step of the ladder.
   *
   * @param adds what this step has and the one before had not
   * @param gains over the step before; empty for the first
   */
  public record Contribution(String model, String adds, List<Comparison> gains) {}

  /** A final order as JSON; {@code validation} is the objective that the search reached. */
  public record Order(
      String scaling, Map<String, Double> weights, double explore, double validation) {}

  /** One explore bonus; a figure is absent where the period has no such target. */
  public record FrontierPoint(
      double explore,
      @Nullable Estimate all,
      @Nullable Estimate repeats,
      @Nullable Estimate fresh) {}

  /**
   * Requests of moments at which about as many items could be retrieved: few rooms are on air at
   * noon, and the fewer, the easier.
   *
   * @param from least number of items
   * @param to most, inclusive; a power of two less one
   * @param mean number of items
   * @param models {@code models.<model>.<metric>}: HR@k per item and the percentile
   */
  public record CandidatesBucket(
      int from, int to, double mean, int requests, Map<String, Map<String, Double>> models) {}

  /**
   * One request of a sample user: dense item ids; recommendations in final order.
   *
   * @param parts by part of the final order, what it added to each recommendation's score
   */
  public record Sample(
      int user,
      int request,
      long timeMs,
      List<Integer> history,
      List<Integer> recommendations,
      Map<String, List<Double>> parts,
      List<Integer> truth) {}

  /** Writes the JSON; the same figures give the same bytes. The stream stays the caller's. */
  public void write(OutputStream out) throws IOException {
    JsonFile.write(this, out);
  }
}
