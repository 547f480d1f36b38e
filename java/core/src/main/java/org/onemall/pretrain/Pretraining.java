package org.onemall.pretrain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.onemall.model.Answer;
import org.onemall.model.Model;
import org.onemall.tensor.Tensors;
import org.onemall.training.Checkpoints;
import org.onemall.training.MeanFigures;
import org.onemall.training.Schedule;
import org.onemall.training.Training;

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

  /** What the best epoch's weights are kept as. */
  private static final String BEST = "best";

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
  private final Map<String, Model> models;
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
    this.models = Map.of("retriever", model);
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
    TrainingState state =
        checkpoints.restore(TrainingState.class, models).orElseGet(TrainingState::fresh);
    long perEpoch = stepsPerEpoch();
    Training training =
        new Training("pretrain", "pretrain", model, config.schedule(), perEpoch * config.epochs());
    MeanFigures means = new MeanFigures(state.sums(), state.summed());
    TrainingCurve curve = state.curve();
    long step = state.step();
    while (step < training.steps() && !stopsEarly(curve, step)) {
      int epoch = (int) (step / perEpoch);
      long end = (epoch + 1) * perEpoch;
      training.run(
          step,
          end,
          trainingEpoch(epoch),
          (at, figures) -> afterStep(training, at + 1, figures, means, curve));
      step = end;
      if (means.count() > 0) {
        curve.add(new TrainingCurve.Point(step, means.take()));
      }
      validate(curve, step, epoch);
      save(step, means, curve);
    }
    checkpoints.loadKept(BEST, model);
    return curve;
  }

  /** At the end of an epoch there is more to do than after a step: see {@link #run}. */
  private void afterStep(
      Training training,
      long done,
      Map<String, Double> figures,
      MeanFigures means,
      TrainingCurve curve)
      throws IOException {
    means.add(figures);
    listener.step(done, training.steps(), figures);
    if (done % Math.ceilDiv(training.steps(), CURVE_POINTS) == 0) {
      curve.add(new TrainingCurve.Point(done, means.take()));
    }
    if (done % stepsPerEpoch() != 0 && done % config.checkpointSteps() == 0) {
      save(done, means, curve);
    }
  }

  private void save(long done, MeanFigures means, TrainingCurve curve) throws IOException {
    checkpoints.save(done, new TrainingState(done, means.sums(), means.count(), curve), models);
  }

  private Training.Batches trainingEpoch(int epoch) {
    int[][] order =
        BatchOrder.epoch(
            config,
            batches.trainRequests(),
            batches::trainLength,
            mix(seed, Long.MAX_VALUE - epoch));
    return new Epoch(order, "training", (rows, step) -> batches.training(rows, mix(seed, step)));
  }

  /**
   * Goes on through the validation period, after {@link #run}: short, so it has no checkpoints of
   * its own; a killed one starts again from the last of {@code run}.
   */
  public void continueThroughValidation() throws IOException {
    PretrainConfig.Continuation continuation = config.continuation();
    if (continuation.epochs() == 0) {
      return;
    }
    long perEpoch = Math.ceilDiv(batches.validationRequests(), config.batchRequests());
    Schedule schedule =
        new Schedule(continuation.learningRate(), 0, config.schedule().finalShare());
    Training training =
        new Training("pretrain", "pretrain", model, schedule, perEpoch * continuation.epochs());
    for (int epoch = 0; epoch < continuation.epochs(); epoch++) {
      training.run(
          epoch * perEpoch,
          (epoch + 1) * perEpoch,
          validationEpoch(epoch),
          (step, figures) -> listener.step(step + 1, training.steps(), figures));
    }
  }

  private Training.Batches validationEpoch(int epoch) {
    int[][] order =
        BatchOrder.epoch(
            config,
            batches.validationRequests(),
            batches::validationLength,
            mix(seed, CONTINUATION - 1 - epoch));
    return new Epoch(
        order,
        "validation",
        (rows, step) -> batches.validation(rows, mix(seed, CONTINUATION + step)));
  }

  /** The batches of one epoch, in their order. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Epoch(int[][] order, String period, Assembly assembly)
      implements Training.Batches {
    @FunctionalInterface
    interface Assembly {
      Tensors batch(int[] rows, long step);
    }

    @Override
    public Tensors batch(long step) {
      return assembly.batch(rows(step), step);
    }

    @Override
    public String describe(long step) {
      int[] rows = rows(step);
      int[] first = Arrays.copyOf(rows, Math.min(5, rows.length));
      return "%s requests %s...".formatted(period, Arrays.toString(first));
    }

    private int[] rows(long step) {
      return order[(int) (step % order.length)];
    }
  }

  private boolean stopsEarly(TrainingCurve curve, long step) {
    return step % stepsPerEpoch() == 0
        && !curve.validations().isEmpty()
        && curve.epochsWithoutBest() >= config.patience();
  }

  private void validate(TrainingCurve curve, long step, int epoch) throws IOException {
    TrainingCurve.Validation validation = measure(step, epoch);
    if (curve.add(validation)) {
      checkpoints.keep(BEST, step, model);
    }
    listener.validation(validation);
  }

  private TrainingCurve.Validation measure(long step, int epoch) {
    int[] positions = validationPositions();
    MeanFigures sums = new MeanFigures();
    for (int start = 0; start < positions.length; start += config.batchRequests()) {
      int[] rows =
          Arrays.copyOfRange(
              positions, start, Math.min(positions.length, start + config.batchRequests()));
      try (Tensors batch = batches.validation(rows, mix(seed, -1 - start));
          Tensors nothing = new Tensors()) {
        sums.add(model.infer("measure", batch, nothing));
      }
    }
    List<Double> accSid = accSid(sums.sums());
    SortedMap<String, Double> means = sums.take();
    return new TrainingCurve.Validation(
        step, epoch, Answer.figure(means, "retriever, measure", RETRIEVAL_LOSS), accSid, means);
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
