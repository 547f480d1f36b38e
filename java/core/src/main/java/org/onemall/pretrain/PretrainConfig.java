package org.onemall.pretrain;

import java.util.Map;
import org.onemall.config.Rule;
import org.onemall.retrieve.RetrieverConfig;
import org.onemall.shop.ShopSize;
import org.onemall.training.Schedule;

/**
 * How the retriever is trained.
 *
 * @param order {@code time}: the paper's streaming order; {@code shuffled}: a seeded permutation
 *     per epoch
 * @param windowBatches so many batches are cut out of one stretch of that order, whose requests are
 *     grouped by the length of their histories to save padding; 1 keeps the order as it is
 * @param targetsPerRequest targets of one request that share one pass over its history
 * @param validationRequests at most so many requests of the validation period are measured per
 *     epoch
 * @param patience epochs without a better validation loss after which training stops
 * @param checkpointSteps steps between checkpoints
 * @param continuation training on the validation period, after everything was chosen on it
 */
public record PretrainConfig(
    RetrieverConfig retriever,
    Order order,
    int windowBatches,
    int epochs,
    int batchRequests,
    int targetsPerRequest,
    Schedule schedule,
    int validationRequests,
    int patience,
    int checkpointSteps,
    Continuation continuation) {

  /** The order in which training requests are seen. */
  public enum Order {
    TIME,
    SHUFFLED
  }

  /**
   * How training goes on through the validation period, as it would in a shop that is served from
   * then on: what was chosen on validation stays, the test period has not begun.
   *
   * @param epochs over the validation period; 0 for none
   * @param learningRate from which a cosine falls to the final share of it
   */
  public record Continuation(int epochs, double learningRate) {
    public Continuation {
      if (epochs < 0 || !(learningRate > 0)) {
        throw new IllegalArgumentException(
            "continuation: expected epochs >= 0 and learning_rate > 0, found %d and %s"
                .formatted(epochs, learningRate));
      }
    }
  }

  public PretrainConfig {
    requirePositive("epochs", epochs);
    requirePositive("window_batches", windowBatches);
    requirePositive("batch_requests", batchRequests);
    requirePositive("targets_per_request", targetsPerRequest);
    requirePositive("validation_requests", validationRequests);
    requirePositive("patience", patience);
    requirePositive("checkpoint_steps", checkpointSteps);
  }

  /** What {@code auto} stands for: some 1,300 steps, but no request more than twenty times. */
  public static Map<String, Rule> rules(ShopSize shop) {
    return Map.of(
        "epochs",
        others -> {
          double requests = 1300 * others.number("pretrain.batch_requests");
          double epochs = Math.ceil(requests / Math.max(1, shop.trainRequests()));
          return String.valueOf(Math.clamp((long) epochs, 2, 20));
        },
        "batch_requests",
        others -> String.valueOf(ShopSize.power(shop.trainRequests() / 128.0, 16, 256)),
        "targets_per_request",
        others -> String.valueOf(ShopSize.power(shop.eventsPerRequest(), 1, 16)),
        "schedule.warmup_steps",
        others -> {
          double requests = others.number("pretrain.epochs") * shop.trainRequests();
          double steps = requests / others.number("pretrain.batch_requests");
          return String.valueOf((int) Math.min(100, steps / 10));
        },
        "continuation.epochs",
        others -> String.valueOf((int) Math.max(1, others.number("pretrain.epochs") / 3)));
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": expected at least 1, found " + value);
    }
  }
}
