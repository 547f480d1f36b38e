package org.onemall.training;

import java.util.Map;
import org.onemall.model.Model;
import org.onemall.model.ModelException;
import org.onemall.tensor.Tensors;

/** A plain training: batch, step, next batch, by a schedule; an error says which step it was. */
public final class Training {
  private Training() {}

  /** Makes the batch of a step; the tensors belong to the caller. */
  @FunctionalInterface
  public interface BatchSource {
    Tensors batch(long step);
  }

  /**
   * Runs all steps of the schedule.
   *
   * @param what is trained, for messages
   * @param kind the model's name of the step
   */
  public static void run(
      String what,
      String kind,
      Model model,
      BatchSource source,
      Schedule schedule,
      StepListener listener) {
    run(what, kind, model, source, schedule, 0, listener);
  }

  /**
   * Runs the steps of the schedule from {@code first} on.
   *
   * @param what is trained, for messages
   * @param kind the model's name of the step
   */
  public static void run(
      String what,
      String kind,
      Model model,
      BatchSource source,
      Schedule schedule,
      long first,
      StepListener listener) {
    for (long step = first; step < schedule.total(); step++) {
      try (Tensors batch = source.batch(step)) {
        Map<String, Double> figures =
            model.step(kind, batch, Map.of("learning_rate", schedule.at(step)));
        listener.step(step, figures);
      } catch (ModelException e) {
        ModelException named =
            new ModelException(
                e.kind(),
                "%s, step %d of %d: %s; a lower learning_rate may help"
                    .formatted(what, step, schedule.total(), e.getMessage()),
                e.traceback());
        named.initCause(e);
        throw named;
      }
    }
  }
}
