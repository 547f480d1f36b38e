package org.onemall.evaluate;

import java.util.List;

/**
 * Rows of metrics by model and request. Threads write different rows; sums are taken in request
 * order at the end, so they don't depend on the threads. Every model must measure every request.
 */
final class Tally {
  private final Metrics metrics;
  private final List<String> models;
  private final int requests;
  private final double[][] values;
  private final boolean[][] measured;
  private final double[] totals;

  Tally(Metrics metrics, List<String> models, int requests) {
    this.metrics = metrics;
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
  Figures figures(int[] clusterOfRequest, int clusters, int samples, long seed) {
    double[][] columns = new double[(models.size() + 1) * metrics.size()][clusters];
    for (int model = 0; model < models.size(); model++) {
      requireComplete(model);
      add(values[model], columns, model, clusterOfRequest);
    }
    add(totals, columns, models.size(), clusterOfRequest);
    return new Figures(metrics, models, new Bootstrap(columns, clusters, samples, seed));
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
