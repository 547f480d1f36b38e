package org.onemall.order;

import java.util.Arrays;

/**
 * How the parts of one request are made comparable before they are weighted. Only differences
 * between the candidates of a request matter, so each is free to shift.
 */
public enum Scaling {
  /** Each part's z-score over the request's candidates; a part without spread gives 0. */
  STANDARD {
    @Override
    void scale(Part part, float[] values, int count) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += values[i];
      }
      double mean = sum / Math.max(1, count);
      double squares = 0;
      for (int i = 0; i < count; i++) {
        squares += (values[i] - mean) * (values[i] - mean);
      }
      double deviation = Math.sqrt(squares / Math.max(1, count));
      if (deviation < 1e-9 * Math.max(1, Math.abs(mean))) {
        Arrays.fill(values, 0, count, 0f);
        return;
      }
      for (int i = 0; i < count; i++) {
        values[i] = (float) ((values[i] - mean) / deviation);
      }
    }
  },

  /**
   * A log-linear pool: retriever and tower stay in nats, so a confident model keeps its say; counts
   * become log(x / largest + 0.01), between -4.6 and 0.
   */
  NATS {
    @Override
    void scale(Part part, float[] values, int count) {
      if (part == Part.RETRIEVER || part == Part.TOWER) {
        return;
      }
      float largest = 0;
      for (int i = 0; i < count; i++) {
        largest = Math.max(largest, values[i]);
      }
      for (int i = 0; i < count; i++) {
        values[i] =
            largest == 0 ? 0 : (float) Math.log(Math.max(0, values[i]) / largest + FLOOR_OF_COUNTS);
      }
    }
  };

  private static final double FLOOR_OF_COUNTS = 0.01;

  /** Scales the first {@code count} values in place. */
  abstract void scale(Part part, float[] values, int count);
}
