package org.onemall.baseline;

/** The same order for everybody: how often each item was taken. */
record PopularityScorer(Shares shares) implements CountingBaseline.Scorer {
  @Override
  public void score(Past past, float[] scores) {
    shares.copyTo(scores, 1);
  }
}
