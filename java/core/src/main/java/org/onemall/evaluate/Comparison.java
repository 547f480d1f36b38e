package org.onemall.evaluate;

import org.onemall.statistics.Estimate;
import org.onemall.statistics.Verdict;

/**
 * One model against another on one metric.
 *
 * @param difference of {@code model} minus {@code baseline}, with the interval of the paired
 *     bootstrap
 */
public record Comparison(
    String model, String baseline, String metric, Estimate difference, Verdict verdict) {

  public static Comparison of(String model, String baseline, String metric, Estimate difference) {
    return new Comparison(model, baseline, metric, difference, Verdict.of(difference));
  }
}
