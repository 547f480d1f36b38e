package org.onemall.baseline;

import java.util.List;
import org.onemall.item2item.CoOccurrence;
import org.onemall.item2item.NeighbourLists;
import org.onemall.shop.Baskets;

/** The baselines with chosen parameters, fitted to what came before a moment. */
public final class Baselines {
  private Baselines() {}

  /**
   * Popularity (all time, recent), personal frequency, item-kNN and Markov, in this order.
   *
   * @param moment of the snapshot whose requests will be ranked; nothing from it on is used
   */
  public static List<Scorer> fit(
      Baskets baskets, long moment, BaselineParameters parameters, int threads) {
    Shares recent = Shares.recent(baskets, moment, parameters.recentPopularity().days());
    return List.of(
        new PopularityScorer("popularity", Shares.ever(baskets, moment)),
        new PopularityScorer("recent_popularity", recent),
        new PersonalFrequencyScorer(parameters.personalFrequency(), recent),
        new ItemKnnScorer(
            "item_knn",
            parameters.itemKnn(),
            neighbours(baskets, moment, parameters.itemKnn(), threads),
            recent),
        new ItemKnnScorer(
            "markov",
            parameters.markov(),
            neighbours(baskets, moment, parameters.markov(), threads),
            recent));
  }

  static NeighbourLists neighbours(
      Baskets baskets, long moment, BaselineParameters.ItemKnn parameters, int threads) {
    CoOccurrence counts = new CoOccurrence(baskets, parameters.neighbours(), 0);
    counts.countUntil(moment);
    return counts.best(threads);
  }
}
