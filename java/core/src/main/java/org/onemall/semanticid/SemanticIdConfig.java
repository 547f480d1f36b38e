package org.onemall.semanticid;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.config.Rule;
import org.onemall.shop.Behavior;

/**
 * Settings of the Semantic IDs.
 *
 * @param conflicts what happens to items that share a SID; rooms keep theirs in any case
 * @param rooms whether a live room's SID moves with what it sells; absent: it does
 * @param hysteresis share by which a new code must be nearer than the one that a room has, else it
 *     keeps it; absent: 0
 * @param scorecard what is measured beside the codes themselves; absent: nothing
 */
public record SemanticIdConfig(
    Conflicts conflicts,
    @Nullable Rooms rooms,
    @Nullable Double hysteresis,
    @Nullable Measures scorecard) {
  public SemanticIdConfig {
    if (hysteresis != null && !(hysteresis >= 0 && hysteresis <= 1)) {
      throw new IllegalArgumentException(
          "hysteresis: expected a share from 0 to 1, found " + hysteresis);
    }
  }

  /** What {@code auto} stands for. */
  public static Map<String, Rule> rules() {
    return Map.of("scorecard.behavior", others -> others.text("sample.target_behavior"));
  }

  /** What happens to items that share a SID. */
  public enum Conflicts {
    /** They share it. */
    KEEP,
    /** The one that came first keeps it, the others move: {@link NearestFree}. */
    NEAREST_FREE
  }

  /** What becomes of a room's SID while it is on air. */
  public enum Rooms {
    /** It changes with what the room sells. */
    MOVING,
    /** It stays as it was when the room went on air. */
    FROZEN
  }

  /** The share of {@link Staying}: 1 for frozen rooms. */
  public double share() {
    return rooms == Rooms.FROZEN ? 1 : hysteresis == null ? 0 : hysteresis;
  }

  /**
   * What is measured beside the codes: with other last levels, and as neighbours.
   *
   * @param behavior whose consecutive events by one user make the held-out pairs of items
   * @param pairs at most so many pairs of the validation period, drawn at random
   * @param pairMinutes at most so far apart
   * @param cutoffs k of the hit rates
   * @param mixtures weights of embedding and tower that product cards are tried with
   */
  public record Measures(
      Behavior behavior,
      int pairs,
      int pairMinutes,
      List<Integer> cutoffs,
      List<List<Double>> mixtures) {
    public Measures {
      cutoffs = List.copyOf(cutoffs);
      mixtures = List.copyOf(mixtures);
      if (pairs < 1 || pairMinutes < 0) {
        throw new IllegalArgumentException(
            "semanticid.scorecard: expected pairs >= 1 and pair_minutes >= 0, found %d and %d"
                .formatted(pairs, pairMinutes));
      }
      if (cutoffs.isEmpty() || cutoffs.stream().anyMatch(cutoff -> cutoff < 1)) {
        throw new IllegalArgumentException(
            "semanticid.scorecard.cutoffs: expected numbers of 1 or more, found " + cutoffs);
      }
      for (List<Double> mixture : mixtures) {
        if (mixture.size() != 2
            || mixture.stream().anyMatch(weight -> !(weight >= 0))
            || mixture.stream().allMatch(weight -> weight == 0)) {
          throw new IllegalArgumentException(
              "semanticid.scorecard.mixtures: expected weights [embedding, tower] of 0 or more, not both 0, found "
                  + mixture);
        }
      }
    }
  }
}
