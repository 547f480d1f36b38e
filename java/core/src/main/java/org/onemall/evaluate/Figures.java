package org.onemall.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.onemall.statistics.Bootstrap;
import org.onemall.statistics.Estimate;

/** Every metric of every model with its interval, and paired differences between models. */
final class Figures {
  private final List<String> metrics;
  private final List<String> models;
  private final Bootstrap bootstrap;

  /** {@code bootstrap} has one block of metrics for each model and one of totals. */
  Figures(List<String> metrics, List<String> models, Bootstrap bootstrap) {
    this.metrics = metrics;
    this.models = models;
    this.bootstrap = bootstrap;
  }

  /** By model, by metric; metrics without any target are left out. */
  Map<String, Map<String, Estimate>> all() {
    Map<String, Map<String, Estimate>> all = new LinkedHashMap<>();
    for (String model : models) {
      Map<String, Estimate> ofModel = new LinkedHashMap<>();
      for (String metric : metrics) {
        estimate(model, metric).ifPresent(value -> ofModel.put(metric, value));
      }
      all.put(model, ofModel);
    }
    return all;
  }

  /** One metric by model; empty where no request has such a target. */
  Map<String, Estimate> byModel(String metric) {
    Map<String, Estimate> byModel = new LinkedHashMap<>();
    for (String model : models) {
      estimate(model, metric).ifPresent(value -> byModel.put(model, value));
    }
    return byModel;
  }

  /** Empty where no request has such a target. */
  Optional<Estimate> estimate(String model, String metric) {
    int total = total(metric);
    return bootstrap.defined(total)
        ? Optional.of(bootstrap.ratio(value(model, metric), total))
        : Optional.empty();
  }

  /** {@code model} minus {@code other} on the same draws of users. */
  Optional<Comparison> compare(String model, String other, String metric) {
    int total = total(metric);
    return bootstrap.defined(total)
        ? Optional.of(
            Comparison.of(
                model,
                other,
                metric,
                bootstrap.difference(value(model, metric), value(other, metric), total)))
        : Optional.empty();
  }

  private int value(String model, String metric) {
    return models.indexOf(model) * metrics.size() + metrics.indexOf(metric);
  }

  private int total(String metric) {
    return models.size() * metrics.size() + metrics.indexOf(metric);
  }
}
