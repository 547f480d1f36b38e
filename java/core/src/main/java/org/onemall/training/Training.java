package org.onemall.training;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.onemall.model.Answer;
import org.onemall.model.Model;
import org.onemall.model.ModelException;
import org.onemall.tensor.Tensors;

/**
 * The loop of every training: batch, step, next batch, by a schedule; an error says which step it
 * was.
 *
 * @param what is trained, for messages
 * @param kind the model's name of the step
 * @param steps of the whole training
 */
public record Training(String what, String kind, Model model, Schedule schedule, long steps) {
  private static final int CHECKPOINT_STEPS = 50;
  private static final int CHECKPOINTS = 20;

  public Training {
    if (steps < 1) {
      throw new IllegalArgumentException(what + ": expected 1 step or more, found " + steps);
    }
  }

  /** Makes the batches of steps, which are asked for in rising order. */
  @FunctionalInterface
  public interface Batches {
    /** The batch of a step; the tensors belong to the caller. */
    Tensors batch(long step);

    /** What that batch is made of, for messages; empty where there is nothing to say. */
    default String describe(long step) {
      return "";
    }
  }

  /** All that goes on after a kill, beside the model. */
  private record Losses(List<Double> losses) {}

  /**
   * Takes all steps; after a kill, those after the last checkpoint. There is one every {@value
   * #CHECKPOINT_STEPS} steps, or fewer, for {@value #CHECKPOINTS} in all: a model may weigh more
   * than a step.
   *
   * @return the loss of each step
   */
  public List<Double> run(Batches batches, Checkpoints checkpoints, StepListener listener)
      throws IOException {
    Map<String, Model> models = Map.of("model", model);
    long every = Math.max(CHECKPOINT_STEPS, Math.ceilDiv(steps, CHECKPOINTS));
    List<Double> losses = new ArrayList<>();
    checkpoints.restore(Losses.class, models).ifPresent(before -> losses.addAll(before.losses()));
    run(
        losses.size(),
        steps,
        batches,
        (step, figures) -> {
          losses.add(Answer.figure(figures, what + ", step", "loss"));
          listener.step(step, figures);
          if (step + 1 == steps || (step + 1) % every == 0) {
            checkpoints.save(step + 1, new Losses(losses), models);
          }
        });
    return losses;
  }

  /** Takes the steps {@code [from, to)}. */
  public void run(long from, long to, Batches batches, StepListener listener) throws IOException {
    for (long step = from; step < to; step++) {
      double learningRate = schedule.rate(step, steps);
      SortedMap<String, Double> figures = new TreeMap<>();
      try (Tensors batch = batches.batch(step)) {
        figures.putAll(model.step(kind, batch, Map.of("learning_rate", learningRate)));
      } catch (ModelException e) {
        throw named(e, step, batches.describe(step));
      }
      figures.put("learning_rate", learningRate);
      listener.step(step, figures);
    }
  }

  private ModelException named(ModelException e, long step, String batch) {
    ModelException named =
        new ModelException(
            e.kind(),
            "%s, step %d of %d%s: %s; a lower learning_rate may help"
                .formatted(what, step, steps, batch.isEmpty() ? "" : ", " + batch, e.getMessage()),
            e.traceback());
    named.initCause(e);
    return named;
  }
}
