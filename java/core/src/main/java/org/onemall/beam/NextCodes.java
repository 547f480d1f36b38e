package org.onemall.beam;

import org.onemall.tensor.Tensor;

/**
 * What a network expects as the next code. B = requests, W = beams of the widest request, K_l =
 * codes of level l, J = codes that may follow, of all beams. Tensors that are returned stay the
 * network's and hold until its next call.
 */
public interface NextCodes {
  /** Logits of level 0: float32 (B, K_0). */
  Tensor first();

  /**
   * Logits of a later level, of the codes that may follow alone.
   *
   * @param level 1 or more
   * @param parentBW int32 (B, W): the beam of the previous call that each beam continues (0 at
   *     level 1, and where a request has fewer beams)
   * @param codeBW int32 (B, W): the code of level - 1 that it continues it with
   * @param children the codes that may follow each beam
   * @return float32 (J), in the order of the children
   */
  Tensor next(int level, Tensor parentBW, Tensor codeBW, Children children);

  /** The weight of the popularity prior in the logits of a level. */
  default float priorWeight(int level) {
    return 0;
  }
}
