package org.onemall.evaluate;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.onemall.statistics.Estimate;

/**
 * One model against another on one metric.
 *
 * @param difference of {@code model} minus {@code baseline}, with the interval of the paired
 *     bootstrap
 */
public record Comparison(
    String model, String baseline, String metric, Estimate difference, Verdict verdict) {

  /** Whether a difference is larger than its noise. */
  public enum Verdict {
    BETTER,
    WORSE,
    WITHIN_NOISE;

    /** The word in reports. */
    @JsonValue
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Comparison of(String model, String baseline, String metric, Estimate difference) {
    Verdict verdict =
        difference.low() > 0
            ? Verdict.BETTER
            : difference.high() < 0 ? Verdict.WORSE : Verdict.WITHIN_NOISE;
    return new Comparison(model, baseline, metric, difference, verdict);
  }
}
