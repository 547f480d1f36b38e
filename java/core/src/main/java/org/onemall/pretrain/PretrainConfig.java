package org.onemall.pretrain;

/**
 * How the retriever is trained.
 *
 * @param order {@code time}: the paper's streaming order, each epoch alike; {@code shuffled}: a
 *     seeded permutation per epoch
 * @param targetsPerRequest targets of one request that share one pass over its history
 * @param finalShare share of the learning rate that the cosine ends at
 * @param validationRequests at most so many requests of the validation period are measured per
 *     epoch
 * @param patience epochs without a better validation loss after which training stops
 * @param checkpointSteps steps between checkpoints
 */
public record PretrainConfig(
    RetrieverConfig retriever,
    Order order,
    int epochs,
    int batchRequests,
    int targetsPerRequest,
    double learningRate,
    int warmupSteps,
    double finalShare,
    int validationRequests,
    int patience,
    int checkpointSteps) {

  /** The order in which training requests are seen. */
  public enum Order {
    TIME,
    SHUFFLED
  }

  public PretrainConfig {
    requirePositive("epochs", epochs);
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
