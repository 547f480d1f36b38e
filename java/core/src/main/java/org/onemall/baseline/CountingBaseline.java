package org.onemall.baseline;

import java.util.List;
import java.util.function.Function;
import org.onemall.sample.Query;
import org.onemall.shop.Behavior;

/**
 * A baseline without a network, that looks at nothing but what the user took before.
 *
 * @param count makes the scorer from what was known
 */
record CountingBaseline(String name, Function<KnownShop, Scorer> count) implements Baseline {
  /**
   * Ranks the whole catalogue. Immutable, for any number of threads.
   *
   * @see FittedBaseline.Scores#fill
   */
  @FunctionalInterface
  interface Scorer {
    void score(Past past, float[] scores);
  }

  @Override
  public FittedBaseline fit(KnownShop shop) {
    return fitted(count.apply(shop), shop.behavior());
  }

  static FittedBaseline fitted(Scorer scorer, Behavior behavior) {
    return new FittedBaseline() {
      @Override
      public Scores batch(List<Query> queries) {
        return (query, scores) -> scorer.score(Past.of(queries.get(query), behavior), scores);
      }

      @Override
      public void close() {}
    };
  }
}
