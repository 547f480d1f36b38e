package org.onemall.twotower;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.config.Rule;
import org.onemall.shop.Behavior;
import org.onemall.shop.ShopSize;
import org.onemall.training.Schedule;

/**
 * Settings of stage twotower.
 *
 * @param behavior whose events are the past, and the targets
 * @param history latest items of a user that an example holds at most
 * @param withinRequest whether the other items of the target's own request may fill half of them
 * @param distinct whether an item that a user had several times fills only one of these places;
 *     absent = it fills one for each request
 * @param price whether the price is a feature of an item, beside its id
 * @param category whether its leaf category is one, too; absent = no
 */
public record TwoTowerConfig(
    Behavior behavior,
    Towers towers,
    int history,
    boolean withinRequest,
    @Nullable Boolean distinct,
    boolean price,
    @Nullable Boolean category,
    int batchExamples,
    int steps,
    Schedule schedule) {
  public TwoTowerConfig {
    check(history >= 1, "history", "1 or more", history);
    check(batchExamples >= 2, "batch_examples", "2 or more", batchExamples);
    check(steps >= 1, "steps", "1 or more", steps);
  }

  /**
   * What {@code auto} stands for: some 56 examples of each item, but no event more than ten times.
   */
  public static Map<String, Rule> rules(ShopSize shop) {
    return Map.of(
        "behavior",
        others -> others.text("sample.target_behavior"),
        "batch_examples",
        others -> String.valueOf(ShopSize.power(shop.trainEvents() / 64, 32, 512)),
        "steps",
        others -> {
          double examples = Math.min(56.0 * shop.allItems(), 10 * shop.trainEvents());
          double batch = others.number("twotower.batch_examples");
          return String.valueOf(ShopSize.rounded(examples / batch, 100, 20_000));
        },
        "schedule.warmup_steps",
        others -> String.valueOf((int) others.number("twotower.steps") / 8));
  }

  /** How the user tower pools its items. */
  public enum Pool {
    MEAN,
    ATTENTION
  }

  /**
   * The network's settings.
   *
   * @param width of the vectors
   */
  public record Towers(
      int width, Pool pool, double temperature, double dropout, double weightDecay) {
    public Towers {
      check(width >= 1, "towers.width", "1 or more", width);
      check(
          temperature > 0 && temperature <= 1,
          "towers.temperature",
          "above 0, at most 1",
          temperature);
      check(dropout >= 0 && dropout < 1, "towers.dropout", "0 to below 1", dropout);
      check(weightDecay >= 0, "towers.weight_decay", "0 or more", weightDecay);
    }
  }

  private static void check(boolean valid, String name, String expected, Number found) {
    if (!valid) {
      throw new IllegalArgumentException(
          "twotower.%s: expected %s, found %s".formatted(name, expected, found));
    }
  }
}
