package org.onemall.item2item;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.tensor.Tensor;

/**
 * Where the pairs for the item tokenizer come from, each source after those before it: the watching
 * relation, Swing, products that were clicked one after the other, nearest items in the two-tower
 * space. Mutable, for one table of pairs.
 */
final class PairSources {
  /**
   * An item whose best partners are full is left with lesser ones: so many are offered per place.
   */
  private static final int OFFERED = 5;

  private final KnownEvents events;
  private final Item2ItemConfig config;
  private final long seed;
  private final int threads;
  private final ItemPairs pairs;

  PairSources(KnownEvents events, Item2ItemConfig config, long seed, int threads) {
    this.events = events;
    this.config = config;
    this.seed = seed;
    this.threads = threads;
    pairs = new ItemPairs(events.kinds().items());
  }

  ItemPairs pairs() {
    return pairs;
  }

  void addWatching(WatchingConfig watching, WatchingEvidence evidence) throws IOException {
    NeighbourLists offered =
        Watching.best(events, watching, OFFERED * watching.maxPairs(), seed, evidence);
    pairs.addFrom("watching", offered, Math.min(config.maxPairs(), watching.maxPairs()));
  }

  void addSwing() throws IOException {
    int offered = OFFERED * config.maxPairs();
    List<String> behaviors = new ArrayList<>();
    List<NeighbourLists> scores = new ArrayList<>();
    Map<Behavior, Double> weights = config.swing().weights(config.behavior());
    for (Behavior behavior : weights.keySet()) {
      Baskets baskets = events.baskets(behavior, product());
      int known = baskets.before(events.before());
      behaviors.add(behavior.key());
      scores.add(Swing.best(baskets, known, config.swing(), offered, seed, threads));
    }
    if (config.swing().behaviors() == null) {
      pairs.add("swing", scores.getFirst(), config.swingPairs());
    } else {
      double[] weight = weights.values().stream().mapToDouble(Double::doubleValue).toArray();
      Commercial commercial = new Commercial(behaviors, scores, weight, offered);
      pairs.add(commercial::source, commercial.neighbours(), config.swingPairs());
    }
  }

  void addCoClicks(Item2ItemConfig.CoClicks coClicks) throws IOException {
    Baskets baskets = events.baskets(config.behavior(), product());
    CoOccurrence together = new CoOccurrence(baskets, coClicks.counts(), seed);
    together.countUntil(events.before());
    pairs.add("co_click", together.best(threads), config.swingPairs() + coClicks.pairs());
  }

  /** {@code towers}: FLOAT32 (items, width). */
  void addTower(Tensor towers) {
    int most = config.maxPairs();
    NeighbourLists nearest =
        TowerNeighbours.best(towers, events.kinds().knownProducts(), OFFERED * most, threads);
    boolean fills = !Boolean.FALSE.equals(config.towerFills());
    pairs.add("tower", nearest, most, fills ? most : config.towerPairs());
  }

  /** Which product an event counts for; -1 for none. */
  private IntBinaryOperator product() {
    ItemKinds kinds = events.kinds();
    boolean concerned = Boolean.TRUE.equals(config.swing().concernedProducts());
    return (item, product) -> kinds.isProduct(item) ? item : concerned ? product : -1;
  }
}
