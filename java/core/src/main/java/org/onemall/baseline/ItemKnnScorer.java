package org.onemall.baseline;

import org.onemall.item2item.NeighbourLists;

/**
 * Items that go together with those of the past: the neighbours' scores, each weighted by
 * recency^age of the item that they are neighbours of, plus a weight for what the user took before,
 * and a little recent popularity.
 */
record ItemKnnScorer(
    BaselineParameters.ItemKnn parameters, NeighbourLists neighbours, Shares recent)
    implements CountingBaseline.Scorer {
  @Override
  public void score(Past past, float[] scores) {
    recent.copyTo(scores, parameters.popularity());
    for (int i = 0; i < past.size(); i++) {
      if (past.age(i) < parameters.requests()) {
        double weight = Math.pow(parameters.recency(), past.age(i));
        int item = past.item(i);
        for (int rank = 0; rank < neighbours.count(item); rank++) {
          scores[neighbours.other(item, rank)] += (float) (weight * neighbours.score(item, rank));
        }
      }
      scores[past.item(i)] +=
          (float) (parameters.repeats() * Math.pow(parameters.repeatRecency(), past.age(i)));
    }
  }
}
