package org.onemall.training;

import java.util.Map;

/** Hears of each training step; for progress and metrics. */
@FunctionalInterface
public interface StepListener {
  /**
   * Comes after a step.
   *
   * @param step counted from 0
   * @param figures losses and other figures of the step
   */
  void step(long step, Map<String, Double> figures);
}
