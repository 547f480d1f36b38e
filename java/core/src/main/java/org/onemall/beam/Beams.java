package org.onemall.beam;

/**
 * What a search found: for each request its leaves by falling log-probability, ties in the order of
 * their codes. Belongs to the {@link BeamSearch} that made it and holds until its next search.
 */
public final class Beams {
  private final int width;
  private final int[] counts;
  private final int[] leaves;
  private final float[] logProbabilities;

  Beams(int width, int[] counts, int[] leaves, float[] logProbabilities) {
    this.width = width;
    this.counts = counts;
    this.leaves = leaves;
    this.logProbabilities = logProbabilities;
  }

  /** How many leaves a request has: the beam size, or all legal ones where there are fewer. */
  public int count(int request) {
    return counts[request];
  }

  /** The {@code i}-th best leaf of a request. */
  public int leaf(int request, int i) {
    return leaves[request * width + i];
  }

  /** Its log-probability among the legal SIDs. */
  public float logProbability(int request, int i) {
    return logProbabilities[request * width + i];
  }
}
