package org.onemall.baseline;

/**
 * What the user takes again and again: recency^age summed over an item's requests, and recent
 * popularity for the rest.
 */
record PersonalFrequencyScorer(BaselineParameters.PersonalFrequency parameters, Shares recent)
    implements CountingBaseline.Scorer {
  @Override
  public void score(Past past, float[] scores) {
    recent.copyTo(scores, parameters.popularity());
    for (int i = 0; i < past.size(); i++) {
      scores[past.item(i)] += (float) Math.pow(parameters.recency(), past.age(i));
    }
  }
}
