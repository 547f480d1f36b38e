package org.onemall.baseline;

/**
 * Ranks the whole catalogue for a user. Knows only events before the moment that it was fitted for.
 * Immutable, for any number of threads.
 */
public interface Scorer {
  /** The model's name in reports. */
  String name();

  /**
   * Overwrites {@code scores}, one for each item; the higher, the better.
   *
   * @param past the user's, up to the request's own moment
   */
  void score(Past past, float[] scores);
}
