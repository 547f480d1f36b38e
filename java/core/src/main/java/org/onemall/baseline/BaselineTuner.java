package org.onemall.baseline;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.onemall.baseline.BaselineParameters.ItemKnn;
import org.onemall.baseline.BaselineParameters.PersonalFrequency;
import org.onemall.baseline.BaselineParameters.RecentPopularity;
import org.onemall.baseline.CountingBaseline.Scorer;
import org.onemall.item2item.Item2ItemConfig.CoOccurrence;
import org.onemall.item2item.NeighbourLists;
import org.onemall.offer.Offer;
import org.onemall.sample.History;
import org.onemall.shop.Baskets;
import org.onemall.shop.Periods;
import org.onemall.shop.Scenario;

/**
 * Chooses parameters on validation, fitted to what came before it: a full grid for the small
 * models, for item-kNN and Markov one parameter after the other. Among equals the first of the grid
 * stays.
 */
public final class BaselineTuner {
  /** Requests of the past whose items have a say in item-kNN; older ones weigh next to nothing. */
  private static final int KNN_REQUESTS = 20;

  /** The same of Markov where requests are small. */
  private static final int MARKOV_REQUESTS = 3;

  private final Baskets baskets;
  private final BaselineConfig config;
  private final int threads;
  private final long moment;
  private final HitRate hitRate;
  private final SortedMap<String, Double> figures = new TreeMap<>();

  private BaselineTuner(
      Baskets baskets,
      History history,
      Offer offer,
      Periods periods,
      BaselineConfig config,
      int k,
      int threads) {
    this.baskets = baskets;
    this.config = config;
    this.threads = threads;
    this.moment = periods.validationFromMs();
    this.hitRate =
        new HitRate(baskets, history, offer, moment, periods.testFromMs(), config.maxRequests(), k);
  }

  /**
   * The best of the grid for a scenario; the test period is never looked at.
   *
   * @param baskets of all scenarios
   * @param history of the same users; lent
   */
  public static BaselineParameters tune(
      Baskets baskets,
      History history,
      Offer offer,
      Scenario scenario,
      Periods periods,
      BaselineConfig config,
      int threads) {
    int k = config.hitsAt(scenario);
    return new BaselineTuner(baskets, history, offer, periods, config, k, threads).tune();
  }

  private BaselineParameters tune() {
    RecentPopularity recent =
        best(
            "recent_popularity",
            config.recentDays().stream().map(RecentPopularity::new).toList(),
            each -> new PopularityScorer(Shares.recent(baskets, moment, each.days())));
    Shares shares = Shares.recent(baskets, moment, recent.days());
    List<PersonalFrequency> grid = new ArrayList<>();
    for (double recency : config.recency()) {
      for (double popularity : config.popularity()) {
        grid.add(new PersonalFrequency(recency, popularity));
      }
    }
    PersonalFrequency personal =
        best("personal_frequency", grid, each -> new PersonalFrequencyScorer(each, shares));
    ItemKnn knn =
        new ItemKnn(
            together(),
            KNN_REQUESTS,
            first(config.recency()),
            first(config.repeats()),
            personal.recency(),
            first(config.popularity()));
    ItemKnn markov =
        new ItemKnn(
            new CoOccurrence(
                config.neighbours(),
                0,
                1,
                1,
                1,
                0,
                first(config.shrinkage()),
                config.maxItems(),
                null),
            config.window() == null ? 1 : MARKOV_REQUESTS,
            first(config.recency()),
            first(config.repeats()),
            0,
            first(config.popularity()));
    return new BaselineParameters(
        recent,
        personal,
        tune("item_knn", knn, config.recency(), shares),
        tune("markov", markov, config.window() == null ? List.of(1.0) : config.recency(), shares),
        figures);
  }

  /** Items of one request, or of requests that follow each other closely. */
  private CoOccurrence together() {
    int window = config.window() == null ? 0 : config.window();
    return new CoOccurrence(
        config.neighbours(),
        1,
        window > 0 ? 1 : 0,
        1,
        window,
        window > 0 ? 1 : 0,
        first(config.shrinkage()),
        config.maxItems(),
        null);
  }

  private ItemKnn tune(String name, ItemKnn start, List<Double> recencies, Shares recent) {
    ItemKnn chosen = best(name, shrinkages(start), each -> scorer(each, counts(each), recent));
    NeighbourLists counts = counts(chosen);
    Function<ItemKnn, Scorer> toScorer = each -> scorer(each, counts, recent);
    ItemKnn base = chosen;
    chosen =
        best(
            name,
            recencies.stream().map(r -> with(base, r, base.repeats(), base.popularity())).toList(),
            toScorer);
    ItemKnn timed = chosen;
    List<ItemKnn> grid = new ArrayList<>();
    for (double repeats : config.repeats()) {
      for (double popularity : config.popularity()) {
        grid.add(with(timed, timed.recency(), repeats, popularity));
      }
    }
    return best(name, grid, toScorer);
  }

  private List<ItemKnn> shrinkages(ItemKnn start) {
    List<ItemKnn> grid = new ArrayList<>();
    for (double shrinkage : config.shrinkage()) {
      CoOccurrence c = start.neighbours();
      CoOccurrence changed =
          new CoOccurrence(
              c.count(),
              c.sameRequest(),
              c.nextRequest(),
              c.decay(),
              c.window(),
              c.backward(),
              shrinkage,
              c.maxItems(),
              c.minutes());
      grid.add(
          new ItemKnn(
              changed,
              start.requests(),
              start.recency(),
              start.repeats(),
              start.repeatRecency(),
              start.popularity()));
    }
    return grid;
  }

  private static ItemKnn with(ItemKnn knn, double recency, double repeats, double popularity) {
    return new ItemKnn(
        knn.neighbours(), knn.requests(), recency, repeats, knn.repeatRecency(), popularity);
  }

  private NeighbourLists counts(ItemKnn knn) {
    return Baselines.neighbours(baskets, moment, knn, threads);
  }

  private static Scorer scorer(ItemKnn knn, NeighbourLists counts, Shares recent) {
    return new ItemKnnScorer(knn, counts, recent);
  }

  private static double first(List<Double> values) {
    return values.getFirst();
  }

  private <P> P best(String name, List<P> grid, Function<P, Scorer> toScorer) {
    P best = grid.getFirst();
    double most = -1;
    for (P each : grid) {
      FittedBaseline fitted = CountingBaseline.fitted(toScorer.apply(each), config.behavior());
      double found = hitRate.of(fitted, threads);
      if (found > most) {
        most = found;
        best = each;
      }
    }
    figures.put(name, most);
    return best;
  }
}
