package org.onemall.statistics;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether a difference is larger than its noise. */
public enum Verdict {
  BETTER,
  WORSE,
  WITHIN_NOISE;

  /**
   * Of a difference of which more is better: its 95 % interval leaves out 0, or it is within noise.
   */
  public static Verdict of(Interval difference) {
    if (difference.low() > 0) {
      return BETTER;
    }
    return difference.high() < 0 ? WORSE : WITHIN_NOISE;
  }

  /** The same difference where less is better. */
  public Verdict reversed() {
    return switch (this) {
      case BETTER -> WORSE;
      case WORSE -> BETTER;
      case WITHIN_NOISE -> WITHIN_NOISE;
    };
  }

  /** The word in reports. */
  @JsonValue
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
