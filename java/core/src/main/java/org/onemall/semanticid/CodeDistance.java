package org.onemall.semanticid;

import org.onemall.codebook.Centroids;
import org.onemall.tensor.Tensor;

/** How badly a last-level code fits an item. */
@FunctionalInterface
public interface CodeDistance {
  double of(int item, int code);

  /** Squared distance of the residual (float32 (N, D)) to the code's centroid. */
  static CodeDistance squared(Tensor residual, Centroids centroids) {
    int width = centroids.width();
    return (item, code) -> {
      double sum = 0;
      for (int d = 0; d < width; d++) {
        double difference =
            (double) residual.getFloat((long) item * width + d)
                - centroids.values()[code * width + d];
        sum += difference * difference;
      }
      return sum;
    };
  }

  /**
   * For FSQ: the number of bits that differ from the item's own code, then the squared distance of
   * the residual to what the decoder makes of the code.
   */
  static CodeDistance hamming(int[] codes, Tensor residual, Centroids reconstructions) {
    CodeDistance squared = squared(residual, reconstructions);
    int[] own = codes.clone();
    return (item, code) -> {
      double error = squared.of(item, code);
      return Integer.bitCount(own[item] ^ code) + error / (1 + error);
    };
  }
}
