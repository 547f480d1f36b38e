package org.onemall.represent;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.config.Rule;
import org.onemall.shop.Behavior;
import org.onemall.shop.Scenario;
import org.onemall.shop.ShopSize;
import org.onemall.training.Schedule;

/**
 * Settings of stage represent: the weight of each part of what is known of an item, and how short
 * videos and live rooms are made of it. A part of weight 0 is left out. The paper's product card is
 * the embedding alone.
 *
 * @param embedding of what the item tokenizer makes of texts and pictures
 * @param tower of the item's place in the two-tower space
 * @param video needed where there is a scenario short_video
 * @param live needed where there is a scenario live_streaming
 */
public record RepresentConfig(
    double embedding, double tower, @Nullable Video video, @Nullable Live live) {
  public RepresentConfig {
    if (!(embedding >= 0 && tower >= 0 && embedding + tower > 0)) {
      throw new IllegalArgumentException(
          "represent: expected weights of 0 or more, not all 0, found embedding %s and tower %s"
              .formatted(embedding, tower));
    }
  }

  /** What {@code auto} stands for. */
  public static Map<String, Rule> rules(ShopSize shop) {
    return Map.of(
        "live.behavior",
        others -> others.text("sample.target_behavior"),
        "live.batch_examples",
        others -> String.valueOf(ShopSize.power(shop.trainEvents() / 64, 32, 512)),
        "live.schedule.warmup_steps",
        others -> String.valueOf((int) others.number("represent.live.steps") / 6));
  }

  /**
   * Refuses scenarios that can't be represented: a video holds its product's vector and a room its
   * products' Semantic IDs, so both need product_card, and settings of their own.
   */
  public void checkScenarios(List<Scenario> scenarios) {
    for (Scenario scenario : scenarios) {
      switch (scenario) {
        case PRODUCT_CARD -> {}
        case SHORT_VIDEO -> checkSet(scenario, "video", video);
        case LIVE_STREAMING -> checkSet(scenario, "live", live);
      }
      if (!scenarios.contains(Scenario.PRODUCT_CARD)) {
        throw new IllegalArgumentException(
            "scenarios: %s is made of its products' vectors and Semantic IDs, so product_card must be among them, found %s"
                .formatted(scenario.key(), scenarios.stream().map(Scenario::key).toList()));
      }
    }
  }

  private static void checkSet(Scenario scenario, String name, @Nullable Record settings) {
    if (settings == null) {
      throw new IllegalArgumentException(
          "represent: scenario %s needs the settings represent.%s; add them, or take it out of scenarios"
              .formatted(scenario.key(), name));
    }
  }

  /**
   * Weights of a short video's parts.
   *
   * @param product of what is known of the product that it sells
   * @param video of what is known of the video itself
   */
  public record Video(double product, double video) {
    public Video {
      if (!(product >= 0 && video >= 0 && product + video > 0)) {
        throw new IllegalArgumentException(
            "represent.video: expected weights of 0 or more, not all 0, found product %s and video %s"
                .formatted(product, video));
      }
    }
  }

  /**
   * Settings of the live tower and its training.
   *
   * @param behavior whose events on rooms are targets, and whose events everywhere are the past
   * @param width of a room's vector
   * @param history a user's latest products of interest that an example holds at most
   * @param products of a room that are looked at, from the presented one on
   * @param itemLearningRateShare the room side's part of the learning rate: the lower, the less a
   *     room's codes churn from one training to the next
   */
  public record Live(
      Behavior behavior,
      int width,
      int history,
      int products,
      double temperature,
      double dropout,
      double weightDecay,
      double itemLearningRateShare,
      int batchExamples,
      int steps,
      Schedule schedule) {
    public Live {
      check(width >= 1, "width", "1 or more", width);
      check(history >= 1, "history", "1 or more", history);
      check(products >= 1, "products", "1 or more", products);
      check(temperature > 0 && temperature <= 1, "temperature", "above 0 to 1", temperature);
      check(dropout >= 0 && dropout < 1, "dropout", "0 to below 1", dropout);
      check(weightDecay >= 0, "weight_decay", "0 or more", weightDecay);
      check(
          itemLearningRateShare >= 0 && itemLearningRateShare <= 1,
          "item_learning_rate_share",
          "0 to 1",
          itemLearningRateShare);
      check(batchExamples >= 2, "batch_examples", "2 or more", batchExamples);
      check(steps >= 1, "steps", "1 or more", steps);
    }

    private static void check(boolean valid, String name, String expected, Number found) {
      if (!valid) {
        throw new IllegalArgumentException(
            "represent.live.%s: expected %s, found %s".formatted(name, expected, found));
      }
    }
  }
}
