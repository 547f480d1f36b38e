package org.onemall.training;

/**
 * Learning rate by step: linear warm-up to {@code learningRate}, then half a cosine down to {@code
 * finalShare} of it at the last step, and flat from there on.
 */
public record Schedule(double learningRate, int warmupSteps, double finalShare) {
  public Schedule {
    if (!(learningRate > 0 && Double.isFinite(learningRate))) {
      throw new IllegalArgumentException("learning_rate: expected above 0, found " + learningRate);
    }
    if (warmupSteps < 0) {
      throw new IllegalArgumentException("warmup_steps: expected 0 or more, found " + warmupSteps);
    }
    if (!(finalShare >= 0 && finalShare <= 1)) {
      throw new IllegalArgumentException("final_share: expected 0 to 1, found " + finalShare);
    }
  }

  /** The same for another rate. */
  public Schedule at(double otherLearningRate) {
    return new Schedule(otherLearningRate, warmupSteps, finalShare);
  }

  /**
   * The rate of one step.
   *
   * @param step counted from 0
   * @param steps of the whole training
   */
  public double rate(long step, long steps) {
    if (step < warmupSteps) {
      return learningRate * (step + 1) / warmupSteps;
    }
    double decay = Math.max(1, steps - warmupSteps);
    double share = Math.min(1, (step - warmupSteps) / decay);
    return learningRate * (finalShare + (1 - finalShare) * 0.5 * (1 + Math.cos(Math.PI * share)));
  }
}
