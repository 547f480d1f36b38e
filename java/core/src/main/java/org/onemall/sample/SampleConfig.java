package org.onemall.sample;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.config.Rule;
import org.onemall.shop.Behavior;
import org.onemall.shop.ShopSize;

/**
 * What a request's targets and inputs are.
 *
 * @param targetBehavior what the user must have done with an item to make it a target
 * @param behaviors the histories that the retriever sees, one each; the target behavior is one
 * @param historyLength tokens of a history at most: the latest distinct items
 * @param neighbours neighbours of the history at most
 * @param neighbourItems whose neighbours are gathered: so many latest distinct items
 * @param recencyDecay per request of age, on the neighbours' scores
 * @param popularityHalfLifeDays after which an event counts half in the recent popularity
 * @param targetWeight how requests of different sizes count in the loss
 * @param ageUnit of features that are ages; absent: days
 * @param historyLengths by behavior, for those whose history is shorter than {@code historyLength}
 */
public record SampleConfig(
    Behavior targetBehavior,
    List<Behavior> behaviors,
    int historyLength,
    int neighbours,
    int neighbourItems,
    float recencyDecay,
    double popularityHalfLifeDays,
    TargetWeight targetWeight,
    @Nullable AgeUnit ageUnit,
    @Nullable Map<String, Integer> historyLengths) {

  /** How much a request counts, whatever the number of its targets that are drawn. */
  public enum TargetWeight {
    /** By the number of its targets. */
    BASKET,
    /** All the same. */
    REQUEST
  }

  public SampleConfig {
    behaviors = List.copyOf(behaviors);
    if (!behaviors.contains(targetBehavior)
        || behaviors.stream().distinct().count() < behaviors.size()) {
      throw new IllegalArgumentException(
          "behaviors: expected distinct ones with the target_behavior %s among them, found %s"
              .formatted(targetBehavior.key(), behaviors));
    }
    if (historyLength < 1 || neighbours < 1) {
      throw new IllegalArgumentException(
          "history_length, neighbours: expected at least 1, found %d, %d"
              .formatted(historyLength, neighbours));
    }
    if (neighbourItems < 1 || neighbourItems > historyLength) {
      throw new IllegalArgumentException(
          "neighbour_items: expected 1 to history_length (%d), found %d"
              .formatted(historyLength, neighbourItems));
    }
    if (!(recencyDecay > 0 && recencyDecay <= 1)) {
      throw new IllegalArgumentException(
          "recency_decay: expected more than 0 and at most 1, found " + recencyDecay);
    }
    if (!(popularityHalfLifeDays > 0)) {
      throw new IllegalArgumentException(
          "popularity_half_life_days: expected more than 0, found " + popularityHalfLifeDays);
    }
    if (historyLengths != null) {
      historyLengths = Map.copyOf(historyLengths);
      List<String> keys = behaviors.stream().map(Behavior::key).toList();
      int most = historyLength;
      if (!keys.containsAll(historyLengths.keySet())
          || historyLengths.values().stream().anyMatch(length -> length < 1 || length > most)) {
        throw new IllegalArgumentException(
            "history_lengths: expected 1 to history_length (%d) for some of %s, found %s"
                .formatted(most, keys, historyLengths));
      }
    }
  }

  /** What {@code auto} stands for: histories hold eight times what a user has on average. */
  public static Map<String, Rule> rules(ShopSize shop) {
    return Map.of(
        "behaviors",
        others -> "[" + others.text("sample.target_behavior") + "]",
        "history_length",
        others -> String.valueOf(ShopSize.power(8 * shop.eventsPerUser(), 16, 512)),
        "neighbours",
        others -> String.valueOf(Math.min(50, shop.mostItems())),
        "neighbour_items",
        others -> String.valueOf((int) Math.min(20, others.number("sample.history_length"))),
        "popularity_half_life_days",
        others -> String.valueOf(Math.clamp(Math.round(shop.days() / 25), 1, 15)),
        "age_unit",
        others -> shop.days() > 0 && shop.days() < 30 ? "minutes" : "null");
  }

  /** Tokens at most of the history of one behavior. */
  public int historyLength(Behavior behavior) {
    return historyLengths == null
        ? historyLength
        : historyLengths.getOrDefault(behavior.key(), historyLength);
  }

  /** The unit of ages. */
  AgeUnit ages() {
    return ageUnit == null ? AgeUnit.DAYS : ageUnit;
  }
}
