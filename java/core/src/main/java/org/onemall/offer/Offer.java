package org.onemall.offer;

/** What a scenario offers over time: the one place where model, baselines and targets look. */
@FunctionalInterface
public interface Offer {
  /** Whether an item can be retrieved at a moment: the scenario's own, with a SID, to be had. */
  boolean has(int item, long timeMs);

  /** Sets the scores of all items that can't be retrieved at a moment to negative infinity. */
  default void mask(long timeMs, float[] scores) {
    for (int item = 0; item < scores.length; item++) {
      if (!has(item, timeMs)) {
        scores[item] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
