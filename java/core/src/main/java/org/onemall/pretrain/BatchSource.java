package org.onemall.pretrain;

import org.onemall.tensor.Tensors;

/**
 * Assembles retriever batches with targets. Positions count the requests of a period in time order;
 * the caller closes what it gets.
 */
public interface BatchSource {
  /** Requests of the training period. */
  int trainRequests();

  /** Requests of the validation period. */
  int validationRequests();

  /**
   * Tokens of the history of a training request: requests of one batch should have about as many.
   */
  int trainLength(int position);

  /** The same of a validation request. */
  int validationLength(int position);

  /** A batch of training requests; {@code seed} decides which targets are drawn. */
  Tensors training(int[] positions, long seed);

  /** A batch of validation requests; {@code seed} decides which targets are drawn. */
  Tensors validation(int[] positions, long seed);
}
