package org.onemall.baseline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onemall.retrieve.Memory;
import org.onemall.sample.Query;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;

/**
 * All baselines, fitted to what came before a moment. Two of them, item-kNN and personal frequency,
 * are the memory of the final order. Holds scratch: one object per thread.
 */
public final class FittedBaselines implements Memory {
  private static final String KNN = "item_knn";
  private static final String FREQUENCY = "personal_frequency";

  private final Behavior behavior;
  private final Map<Scorer, float[]> byScorer = new LinkedHashMap<>();

  /** Takes the scores of one baseline, one for each item, lent for the call. */
  @FunctionalInterface
  public interface Sink {
    void accept(String name, float[] scores);
  }

  /**
   * @param behavior that the baskets are of
   * @param moment nothing from it on is used
   */
  public FittedBaselines(
      Baskets baskets, Behavior behavior, long moment, BaselineParameters parameters, int threads) {
    this.behavior = behavior;
    for (Scorer scorer : Baselines.fit(baskets, moment, parameters, threads)) {
      byScorer.put(scorer, new float[baskets.items()]);
    }
  }

  /** The names of all baselines, in the order of reports. */
  public List<String> names() {
    return byScorer.keySet().stream().map(Scorer::name).toList();
  }

  /** What each baseline said of the query that was scored last. */
  public void each(Sink sink) {
    byScorer.forEach((scorer, scores) -> sink.accept(scorer.name(), scores));
  }

  @Override
  public void score(Query query, float[] knn, float[] frequency) {
    Past past = Past.of(query, behavior);
    byScorer.forEach((scorer, scores) -> {
      scorer.score(past, scores);
      if (scorer.name().equals(KNN)) {
        System.arraycopy(scores, 0, knn, 0, scores.length);
      } else if (scorer.name().equals(FREQUENCY)) {
        System.arraycopy(scores, 0, frequency, 0, scores.length);
      }
    });
  }
}
