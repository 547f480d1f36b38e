package org.onemall.pretrain;

import org.onemall.retrieve.RetrieverConfig;

/**
 * How the retriever is trained.
 *
 * @param order {@code time}: the paper's streaming order; {@code shuffled}: a seeded permutation
 *     per epoch
 * @param windowBatches so many batches are cut out of one stretch of that order, whose requests are
 *     grouped by the length of their histories to save padding; 1 keeps the order as it is
 * @param targetsPerRequest targets of one request that share one pass over its history
 * @param finalShare share of the learning rate that the cosine ends at
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
    double learningRate,
    int warmupSteps,
    double finalShare,
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
   * @param learningRate from which a cosine falls to {@code finalShare} of it
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
    if (!(learningRate > 0)) {
      throw new IllegalArgumentException("learning_rate: expected > 0, found " + learningRate);
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": expected at least 1, found " + value);
    }
  }
}
