package org.onemall.mall.check;

import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.Taxonomy;

/** How often a click in one leaf was followed by a click in another: the leaf heuristic. */
final class LeafTransitions {
  private static final double SMOOTHING = 0.02;

  private final double[][] counts = new double[Taxonomy.LEAVES][Taxonomy.LEAVES];
  private final double[] totals = new double[Taxonomy.LEAVES];

  /**
   * @param users ascending, with the leaves of their clicks in the order of time
   */
  LeafTransitions(int[] users, int[] leaves, boolean symmetric) {
    for (int i = 1; i < leaves.length; i++) {
      if (users[i] == users[i - 1]) {
        counts[leaves[i - 1]][leaves[i]]++;
        if (symmetric) {
          counts[leaves[i]][leaves[i - 1]]++;
        }
      }
    }
    for (int l = 0; l < totals.length; l++) {
      totals[l] = ReproducibleMath.sum(counts[l]);
    }
  }

  /** P(next leaf | last leaf). */
  double probability(int last, int next) {
    return (counts[last][next] + SMOOTHING) / (totals[last] + SMOOTHING * Taxonomy.LEAVES);
  }
}
