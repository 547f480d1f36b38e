package org.onemall.pretrain;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All of a training's position that isn't in the model: the next step, the figures since the last
 * curve point, and the curve.
 */
record TrainingState(long step, SortedMap<String, Double> sums, long summed, TrainingCurve curve) {
  TrainingState {
    sums = Collections.unmodifiableSortedMap(new TreeMap<>(sums));
  }

  static TrainingState fresh() {
    return new TrainingState(0, Collections.emptySortedMap(), 0, new TrainingCurve());
  }
}
