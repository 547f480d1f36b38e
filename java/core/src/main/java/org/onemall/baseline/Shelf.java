package org.onemall.baseline;

/** What may be ranked at a moment: the same for baselines and for the model. */
public interface Shelf {
  /** Whether an item can be retrieved at a moment. */
  boolean has(int item, long timeMs);

  /** Sets the scores of all items that can't be retrieved at a moment to negative infinity. */
  void mask(long timeMs, float[] scores);
}
