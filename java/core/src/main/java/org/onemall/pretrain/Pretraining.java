package org.onemall.pretrain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.onemall.model.Answer;
import org.onemall.model.Model;
import org.onemall.model.ModelException;
import org.onemall.tensor.Tensors;
import org.onemall.training.Schedule;

/**
 * Trains the retriever: next-SID prediction under the trie, pointer and in-batch contrastive loss
 * (PAPER section 5), one optimizer step per batch of requests.
 *
 * <p>Every random choice is a function of (seed, step), so a training that goes on from a
 * checkpoint takes the same steps as one that was never interrupted: {@code step} is the whole data
 * position.
 */
public final class Pretraining {
  private static final int LEVELS_MAX = 8;

  /** About as many points has the curve of a whole training, beside one where each epoch ends. */
  private static final int CURVE_POINTS = 200;

  /** Where the random choices of the continuation begin. */
  private static final long CONTINUATION = 1L << 60;

  /** What the early stop looks at: how likely generator and pointer find a target. */
  private static final String RETRIEVAL_LOSS = "mixture_loss";

  /** Hears of each step; for progress and metrics. */
  public interface Listener {
    void step(long step, long steps, Map<String, Double> figures);

    void validation(TrainingCurve.Validation validation);
  }

  private final PretrainConfig config;
  private final Model model;
  private final BatchSource batches;
  private final Checkpoints checkpoints;
  private final Listener listener;
  private final long seed;

  public Pretraining(
      PretrainConfig config,
      Model model,
      BatchSource batches,
      Checkpoints checkpoints,
      Listener listener,
      long seed) {
    this.config = config;
    this.model = model;
    this.batches = batches;
    this.checkpoints = checkpoints;
    this.listener = listener;
    this.seed = seed;
    if (batches.trainRequests() == 0 || batches.validationRequests() == 0) {
      throw new IllegalArgumentException(
          "pretrain: expected requests to train on and to validate on, found %d and %d; is the log shorter than the split?"
              .formatted(batches.trainRequests(), batches.validationRequests()));
    }
  }

  /** Optimizer steps of one epoch. */
  public long stepsPerEpoch() {
    return Math.ceilDiv(batches.trainRequests(), config.batchRequests());
  }

  /**
   * Trains to the end or to the early stop; afterwards the model holds the best epoch's weights, on
   * which everything else may be chosen.
   */
  public TrainingCurve run() throws IOException {
    TrainingState state = checkpoints.restore(model);
    long steps = stepsPerEpoch() * config.epochs();
    Schedule schedule =
        new Schedule(config.learningRate(), config.warmupSteps(), steps, config.finalShare());
    StepFigures sums = new StepFigures(state.sums(), state.summed());
    int[][] order = {};
    int orderEpoch = -1;
    TrainingCurve curve = state.curve();
    for (long step = state.step(); step < steps && !stopsEarly(curve, step); step++) {
      int epoch = (int) (step / stepsPerEpoch());
      if (epoch != orderEpoch) {
        order =
            BatchOrder.epoch(
                config,
                batches.trainRequests(),
                batches::trainLength,
                mix(seed, Long.MAX_VALUE - epoch));
        orderEpoch = epoch;
      }
      int[] rows = order[(int) (step % stepsPerEpoch())];
      Tensors batch = batches.training(rows, mix(seed, step));
      Map<String, Double> figures = new TreeMap<>(step(step, rows, batch, schedule.at(step)));
      figures.put("learning_rate", schedule.at(step));
      sums.add(figures);
      listener.step(step + 1, steps, figures);
      boolean epochEnds = (step + 1) % stepsPerEpoch() == 0;
      if (epochEnds || (step + 1) % Math.ceilDiv(steps, CURVE_POINTS) == 0) {
        curve.add(sums.point(step + 1));
      }
      if (epochEnds) {
        validate(curve, step + 1, epoch);
      }
      if (epochEnds || (step + 1) % config.checkpointSteps() == 0) {
        checkpoints.save(model, new TrainingState(step + 1, sums.sums(), sums.count(), curve));
      }
    }
    checkpoints.restoreBest(model);
    return curve;
  }

  /**
   * Goes on through the validation period, after {@link #run}: short, so it has no checkpoints of
   * its own; a killed one starts again from the last of {@code run}.
   */
  public void continueThroughValidation() {
    PretrainConfig.Continuation continuation = config.continuation();
    int perEpoch = Math.ceilDiv(batches.validationRequests(), config.batchRequests());
    long steps = Math.max(1, (long) perEpoch * continuation.epochs());
    Schedule schedule = new Schedule(continuation.learningRate(), 0, steps, config.finalShare());
    long step = 0;
    for (int epoch = 0; epoch < continuation.epochs(); epoch++) {
      int[][] order =
          BatchOrder.epoch(
              config,
              batches.validationRequests(),
              batches::validationLength,
              mix(seed, CONTINUATION - 1 - epoch));
      for (int[] rows : order) {
        Tensors batch = batches.validation(rows, mix(seed, CONTINUATION + step));
        Map<String, Double> figures = step(step, rows, batch, schedule.at(step));
        listener.step(++step, steps, figures);
      }
    }
  }

  private boolean stopsEarly(TrainingCurve curve, long step) {
    return step % stepsPerEpoch() == 0
        && !curve.validations().isEmpty()
        && curve.epochsWithoutBest() >= config.patience();
  }

  private Map<String, Double> step(long step, int[] rows, Tensors assembled, double learningRate) {
    try (Tensors batch = assembled) {
      return model.step("pretrain", batch, Map.of("learning_rate", learningRate));
    } catch (ModelException e) {
      int[] first = Arrays.copyOf(rows, Math.min(5, rows.length));
      throw new ModelException(
          e.kind(),
          "%s; in pretrain step %d, training requests %s..."
              .formatted(e.getMessage(), step, Arrays.toString(first)),
          e.traceback());
    }
  }

  private void validate(TrainingCurve curve, long step, int epoch) throws IOException {
    TrainingCurve.Validation validation = measure(step, epoch);
    if (curve.add(validation)) {
      checkpoints.saveBest(model, epoch);
    }
    listener.validation(validation);
  }

  private TrainingCurve.Validation measure(long step, int epoch) {
    int[] positions = validationPositions();
    StepFigures sums = new StepFigures(Map.of(), 0);
    for (int start = 0; start < positions.length; start += config.batchRequests()) {
      int[] rows =
          Arrays.copyOfRange(
              positions, start, Math.min(positions.length, start + config.batchRequests()));
      try (Tensors batch = batches.validation(rows, mix(seed, -1 - start));
          Tensors nothing = new Tensors()) {
        sums.add(model.infer("measure", batch, nothing));
      }
    }
    double loss = sums.mean(RETRIEVAL_LOSS);
    List<Double> accSid = accSid(sums.sums());
    return new TrainingCurve.Validation(step, epoch, loss, accSid, sums.point(step).figures());
  }

  private static List<Double> accSid(Map<String, Double> sums) {
    List<Double> shares = new ArrayList<>();
    for (int level = 1; level <= LEVELS_MAX; level++) {
      @Nullable Double correct = sums.get("correct_" + level);
      if (correct != null) {
        shares.add(correct / Answer.figure(sums, "retriever, measure", "targets"));
      }
    }
    return List.copyOf(shares);
  }

  private int[] validationPositions() {
    int[] all = IntStream.range(0, batches.validationRequests()).toArray();
    BatchOrder.shuffle(all, new SplittableRandom(mix(seed, Long.MIN_VALUE)));
    int[] some = Arrays.copyOf(all, Math.min(all.length, config.validationRequests()));
    Arrays.sort(some);
    return some;
  }

  /** A seed for each purpose: the golden-ratio sequence of SplittableRandom's own mixing. */
  private static long mix(long seed, long purpose) {
    return new SplittableRandom(seed ^ (purpose * 0x9E3779B97F4A7C15L)).nextLong();
  }
}
