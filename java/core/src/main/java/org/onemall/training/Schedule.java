package org.onemall.training;

/**
 * Learning rate by step: linear warm-up to {@code learningRate}, then half a cosine down to {@code
 * finalShare} of it at step {@code total}, and flat from there on.
 */
public record Schedule(double learningRate, long warmupSteps, long total, double finalShare) {
  public Schedule {
    if (!(learningRate > 0 && Double.isFinite(learningRate))) {
      throw new IllegalArgumentException(
          "schedule: learning_rate must be positive, found " + learningRate);
    }
    if (warmupSteps < 0 || total < 1) {
      throw new IllegalArgumentException(
          "schedule: expected warmup_steps >= 0 and total >= 1, found %d and %d"
              .formatted(warmupSteps, total));
    }
    if (!(finalShare >= 0 && finalShare <= 1)) {
      throw new IllegalArgumentException(
          "schedule: final_share must be from 0 to 1, found " + finalShare);
    }
  }

  /** The rate of step {@code step}, counted from 0. */
  public double at(long step) {
    if (step < warmupSteps) {
      return learningRate * (step + 1) / warmupSteps;
    }
    double decay = Math.max(1, total - warmupSteps);
    double share = Math.min(1, (step - warmupSteps) / decay);
    return learningRate * (finalShare + (1 - finalShare) * 0.5 * (1 + Math.cos(Math.PI * share)));
  }
}
