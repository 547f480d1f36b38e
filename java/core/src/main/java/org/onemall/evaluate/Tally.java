package org.onemall.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rows of metrics by model and request. Threads write different rows; sums are taken in request
 * order at the end, so they don't depend on the threads. Every model must measure every request.
 */
final class Tally {
  private final List<String> metrics;
  private final List<String> models;
  private final int requests;
  private final double[][] values;
  private final boolean[][] measured;
  private final double[] totals;

  Tally(List<String> metrics, List<String> models, int requests) {
    this.metrics = List.copyOf(metrics);
    this.models = List.copyOf(models);
    this.requests = requests;
    totals = new double[Math.multiplyExact(requests, metrics.size())];
    values = new double[models.size()][totals.length];
    measured = new boolean[models.size()][requests];
  }

  /** Sets one request's row of a model. */
  void set(int request, String model, double[] rowValues, double[] rowTotals) {
    int index = models.indexOf(model);
    if (index < 0) {
      throw new IllegalArgumentException(
          "evaluation: no model '%s', there are %s".formatted(model, models));
    }
    System.arraycopy(rowValues, 0, values[index], request * metrics.size(), metrics.size());
    System.arraycopy(rowTotals, 0, totals, request * metrics.size(), metrics.size());
    measured[index][request] = true;
  }

  /** Draws users and gives the intervals of every model. */
  Figures figures(Clusters clusters) {
    double[][] columns = new double[(models.size() + 1) * metrics.size()][clusters.size()];
    for (int model = 0; model < models.size(); model++) {
      requireComplete(model);
      add(values[model], columns, model, clusters.ofRequest());
    }
    add(totals, columns, models.size(), clusters.ofRequest());
    return new Figures(metrics, models, clusters.bootstrap(columns));
  }

  /** What a metric is divided by. */
  double total(String metric) {
    double sum = 0;
    for (int request = 0; request < requests; request++) {
      sum += totals[request * metrics.size() + metrics.indexOf(metric)];
    }
    return sum;
  }

  /**
   * Mean figures of requests whose numbers of candidates have as many binary digits.
   *
   * @param shown places of the metrics that are told
   */
  List<Evaluation.CandidatesBucket> byCandidates(int[] candidates, int[] shown) {
    SortedMap<Integer, List<Integer>> rows = new TreeMap<>();
    for (int row = 0; row < requests; row++) {
      rows.computeIfAbsent(Integer.highestOneBit(candidates[row]), _ -> new ArrayList<>()).add(row);
    }
    List<Evaluation.CandidatesBucket> buckets = new ArrayList<>();
    rows.forEach((from, of) ->
        buckets.add(
            new Evaluation.CandidatesBucket(
                from,
                2 * from - 1,
                of.stream().mapToInt(row -> candidates[row]).average().orElse(0),
                of.size(),
                means(of, shown))));
    return buckets;
  }

  private Map<String, Map<String, Double>> means(List<Integer> rows, int[] shown) {
    Map<String, Map<String, Double>> byModel = new LinkedHashMap<>();
    for (int model = 0; model < models.size(); model++) {
      Map<String, Double> byMetric = new LinkedHashMap<>();
      for (int metric : shown) {
        double sum = 0;
        double total = 0;
        for (int row : rows) {
          sum += values[model][row * metrics.size() + metric];
          total += totals[row * metrics.size() + metric];
        }
        byMetric.put(metrics.get(metric), Math.rint(1e6 * sum / total) / 1e6);
      }
      byModel.put(models.get(model), byMetric);
    }
    return byModel;
  }

  private void requireComplete(int model) {
    for (int request = 0; request < requests; request++) {
      if (!measured[model][request]) {
        throw new IllegalStateException(
            "evaluation: model '%s' did not measure request %d of %d; expected every one"
                .formatted(models.get(model), request, requests));
      }
    }
  }

  private void add(double[] rows, double[][] columns, int block, int[] clusterOfRequest) {
    for (int request = 0; request < requests; request++) {
      for (int metric = 0; metric < metrics.size(); metric++) {
        columns[block * metrics.size() + metric][clusterOfRequest[request]] +=
            rows[request * metrics.size() + metric];
      }
    }
  }
}
