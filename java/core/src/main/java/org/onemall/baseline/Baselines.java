package org.onemall.baseline;

import java.util.List;
import org.onemall.baseline.BaselineParameters.ItemKnn;
import org.onemall.item2item.CoOccurrence;
import org.onemall.item2item.NeighbourLists;
import org.onemall.shop.Baskets;

/** The baselines with chosen parameters. */
public final class Baselines {
  public static final String PERSONAL_FREQUENCY = "personal_frequency";
  public static final String ITEM_KNN = "item_knn";

  private Baselines() {}

  /** Popularity (all time, recent), personal frequency, item-kNN and Markov, in this order. */
  public static List<Baseline> of(BaselineParameters parameters) {
    return List.of(
        new CountingBaseline(
            "popularity", shop -> new PopularityScorer(Shares.ever(shop.baskets(), shop.moment()))),
        new CountingBaseline(
            "recent_popularity", shop -> new PopularityScorer(recent(shop, parameters))),
        personalFrequency(parameters),
        itemKnn(parameters),
        knn("markov", parameters.markov(), parameters));
  }

  /** What the user takes again and again. */
  public static Baseline personalFrequency(BaselineParameters parameters) {
    return new CountingBaseline(
        PERSONAL_FREQUENCY,
        shop ->
            new PersonalFrequencyScorer(parameters.personalFrequency(), recent(shop, parameters)));
  }

  /** What goes together with what the user took. */
  public static Baseline itemKnn(BaselineParameters parameters) {
    return knn(ITEM_KNN, parameters.itemKnn(), parameters);
  }

  private static Baseline knn(String name, ItemKnn knn, BaselineParameters parameters) {
    return new CountingBaseline(
        name,
        shop ->
            new ItemKnnScorer(
                knn,
                neighbours(shop.baskets(), shop.moment(), knn, shop.threads()),
                recent(shop, parameters)));
  }

  private static Shares recent(KnownShop shop, BaselineParameters parameters) {
    return Shares.recent(shop.baskets(), shop.moment(), parameters.recentPopularity().days());
  }

  static NeighbourLists neighbours(Baskets baskets, long moment, ItemKnn parameters, int threads) {
    CoOccurrence counts = new CoOccurrence(baskets, parameters.neighbours(), 0);
    counts.countUntil(moment);
    return counts.best(threads);
  }
}
