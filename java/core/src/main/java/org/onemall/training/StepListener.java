package org.onemall.training;

import java.io.IOException;
import java.util.Map;

/** Hears of each training step; for progress, metrics and checkpoints. */
@FunctionalInterface
public interface StepListener {
  /**
   * Comes after a step.
   *
   * @param step counted from 0
   * @param figures losses and other figures of the step, and its learning rate
   */
  void step(long step, Map<String, Double> figures) throws IOException;
}
