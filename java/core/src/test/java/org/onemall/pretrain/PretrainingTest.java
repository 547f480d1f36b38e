package org.onemall.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.model.Model;
import org.onemall.model.ModelException;
import org.onemall.retrieve.RetrieverConfig;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;
import org.onemall.training.Checkpoints;
import org.onemall.training.Schedule;

class PretrainingTest {
  private static final int TRAIN = 23;
  private static final int EPOCHS = 4;

  @TempDir Path folder;

  @Test
  void aTrainingKilledAtAnyStepEndsWithTheSameWeightsAndCurve() throws IOException {
    FakeModel whole = new FakeModel(Integer.MAX_VALUE);
    TrainingCurve expected = train(whole, Files.createDirectory(folder.resolve("whole")));
    assertThat(whole.chosenCalls).isEqualTo(EPOCHS * 5);
    assertThat(whole.calls).as("two epochs of two batches more").isEqualTo(EPOCHS * 5 + 4);

    for (int kill = 1; kill < EPOCHS * 5 + 4; kill++) {
      Path place = Files.createDirectory(folder.resolve("killed-" + kill));
      int killAt = kill;
      assertThatThrownBy(() -> train(new FakeModel(killAt), place)).isInstanceOf(Killed.class);
      FakeModel resumed = new FakeModel(Integer.MAX_VALUE);
      TrainingCurve curve = train(resumed, place);
      assertThat(resumed.chosen).as("killed before step %d", kill).isEqualTo(whole.chosen);
      assertThat(resumed.weights).as("killed before step %d", kill).isEqualTo(whole.weights);
      assertThat(curve.steps()).isEqualTo(expected.steps());
      assertThat(curve.validations()).isEqualTo(expected.validations());
      assertThat(resumed.calls).as("steps taken again").isLessThan(EPOCHS * 5 + 4 - kill + 4);
    }
  }

  @Test
  void aDamagedCheckpointMeansAStartFromNothing() throws IOException {
    FakeModel whole = new FakeModel(Integer.MAX_VALUE);
    train(whole, Files.createDirectory(folder.resolve("whole")));
    Path place = Files.createDirectory(folder.resolve("damaged"));
    assertThatThrownBy(() -> train(new FakeModel(9), place)).isInstanceOf(Killed.class);
    try (Stream<Path> files = Files.list(place)) {
      Path state =
          files
              .filter(f -> f.getFileName().toString().contains(".state."))
              .findFirst()
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(state);
      bytes[3] ^= 1;
      Files.write(state, bytes);
    }
    FakeModel again = new FakeModel(Integer.MAX_VALUE);
    train(again, place);
    assertThat(again.weights).isEqualTo(whole.weights);
    assertThat(again.calls).isEqualTo(whole.calls);
  }

  @Test
  void theBestEpochIsKeptAndPatienceStops() throws IOException {
    FakeModel model = new FakeModel(Integer.MAX_VALUE);
    model.losses = List.of(3.0, 1.0, 2.0, 2.0, 0.0);
    TrainingCurve curve = train(model, folder, config(9, 2));
    assertThat(curve.bestEpoch()).isEqualTo(1);
    assertThat(curve.validations()).hasSize(4);
    assertThat(model.loadedBest).isEqualTo("best-00000010.safetensors");
  }

  @Test
  void theCurveHasLossAndRateByStepNotByEpoch() throws IOException {
    PretrainConfig config = config(EPOCHS, EPOCHS);
    TrainingCurve curve = train(new FakeModel(Integer.MAX_VALUE), folder, config);
    Schedule schedule = config.schedule();
    assertThat(curve.steps()).hasSize(5 * EPOCHS);
    for (TrainingCurve.Point point : curve.steps()) {
      assertThat(point.figures())
          .containsKey("loss")
          .containsEntry("learning_rate", schedule.rate(point.step() - 1, 5 * EPOCHS));
    }
  }

  @Test
  void everyEpochSeesEveryRequestOnceInAnOrderOfItsOwn() throws IOException {
    FakeModel model = new FakeModel(Integer.MAX_VALUE);
    train(model, folder);
    List<Integer> first = model.seen.subList(0, TRAIN);
    List<Integer> second = model.seen.subList(TRAIN, 2 * TRAIN);
    assertThat(first).hasSize(TRAIN).doesNotHaveDuplicates();
    assertThat(second).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
  }

  @Test
  void anErrorNamesItsBatch() {
    FakeModel model = new FakeModel(Integer.MAX_VALUE);
    model.failAt = 7;
    assertThatThrownBy(() -> train(model, folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("FloatingPointError")
        .hasMessageContaining("pretrain, step 7 of 20")
        .hasMessageContaining("training requests [");
  }

  @Test
  void noRequestsIsAnErrorThatSaysSo() {
    assertThatThrownBy(() ->
            new Pretraining(
                config(1, 1),
                new FakeModel(1),
                new FakeBatches(new FakeModel(1), 0),
                new Checkpoints(folder),
                new Silence(),
                1))
        .hasMessageContaining("found 0 and 7");
  }

  private static PretrainConfig config(int epochs, int patience) {
    return config(PretrainConfig.Order.SHUFFLED, 5, 2, epochs, patience);
  }

  static PretrainConfig config(PretrainConfig.Order order, int batchRequests, int windowBatches) {
    return config(order, batchRequests, windowBatches, 1, 1);
  }

  private static PretrainConfig config(
      PretrainConfig.Order order, int batchRequests, int windowBatches, int epochs, int patience) {
    RetrieverConfig retriever =
        new RetrieverConfig(
            8,
            2,
            1,
            16,
            2,
            2,
            1,
            RetrieverConfig.ExpertType.MLP,
            1e-3,
            RetrieverConfig.Residual.STANDARD,
            0,
            0,
            true,
            true,
            true,
            true,
            true,
            1,
            .07,
            RetrieverConfig.ContrastivePosition.BOS,
            0,
            .01,
            .9,
            .98,
            1,
            null,
            null,
            null);
    return new PretrainConfig(
        retriever,
        order,
        windowBatches,
        epochs,
        batchRequests,
        2,
        new Schedule(1e-3, 2, .1),
        6,
        patience,
        3,
        new PretrainConfig.Continuation(2, 1e-4));
  }

  private static TrainingCurve train(FakeModel model, Path place) throws IOException {
    return train(model, place, config(EPOCHS, EPOCHS));
  }

  private static TrainingCurve train(FakeModel model, Path place, PretrainConfig config)
      throws IOException {
    Pretraining pretraining =
        new Pretraining(
            config,
            model,
            new FakeBatches(model, TRAIN),
            new Checkpoints(place),
            new Silence(),
            42);
    TrainingCurve curve = pretraining.run();
    model.chosen = model.weights;
    model.chosenCalls = model.calls;
    pretraining.continueThroughValidation();
    return curve;
  }

  /** A kill, as a test can have it: nothing after it runs. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private record Silence() implements Pretraining.Listener {
    @Override
    public void step(long step, long steps, Map<String, Double> figures) {}

    @Override
    public void validation(TrainingCurve.Validation validation) {}
  }

  /** One tensor a batch: its rows and its seed. */
  private record FakeBatches(FakeModel model, int trainRequests) implements BatchSource {
    @Override
    public int validationRequests() {
      return 7;
    }

    @Override
    public int trainLength(int position) {
      return position % 5;
    }

    @Override
    public int validationLength(int position) {
      return position % 3;
    }

    @Override
    public Tensors training(int[] positions, long seed) {
      for (int position : positions) {
        model.seen.add(position);
      }
      return batch(positions, seed);
    }

    @Override
    public Tensors validation(int[] positions, long seed) {
      return batch(positions, seed);
    }

    private Tensors batch(int[] positions, long seed) {
      Tensors tensors = new Tensors();
      Tensor rows = tensors.add("rows", model.allocator, DType.INT64, positions.length + 1);
      rows.setLong(0, seed);
      for (int i = 0; i < positions.length; i++) {
        rows.setLong(i + 1, positions[i]);
      }
      return tensors;
    }
  }

  /** Its only weight is a hash of all that it was ever shown. */
  private static final class FakeModel implements Model {
    private final BufferAllocator allocator = new RootAllocator();
    private final List<Integer> seen = new ArrayList<>();
    private final int killAt;
    private List<Double> losses = List.of();
    private String loadedBest = "";
    private long weights = 1;
    private long chosen;
    private int calls;
    private int chosenCalls;
    private int failAt = -1;
    private int measured;

    FakeModel(int killAt) {
      this.killAt = killAt;
    }

    @Override
    public void feed(String what, Tensors tensors) {}

    @Override
    public void feed(String what, VectorSchemaRoot table) {}

    @Override
    public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
      if (calls == failAt) {
        throw new ModelException("FloatingPointError", "ntp_loss is nan", "");
      }
      if (calls == killAt) {
        throw new Killed();
      }
      calls++;
      Tensor rows = batch.get("rows");
      for (long i = 0; i < rows.size(); i++) {
        weights = weights * 31 + rows.getLong(i);
      }
      weights = weights * 31 + String.valueOf(settings.get("learning_rate")).hashCode();
      return Map.of("loss", weights % 1000 / 7.0, "ntp_loss", 1.0);
    }

    @Override
    public Map<String, Double> infer(String what, Tensors in, Tensors out) {
      double loss = losses.isEmpty() ? Math.floorMod(weights, 1000) : losses.get(measured++ / 2);
      return Map.of("mixture_loss", loss, "correct_1", 2.0, "correct_2", 1.0, "targets", 4.0);
    }

    @Override
    public void save(Path file, boolean training) {
      try {
        Files.write(file, ByteBuffer.allocate(Long.BYTES).putLong(weights).array());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void load(Path file, boolean training) {
      loadedBest = file.getFileName().toString();
      try {
        weights = ByteBuffer.wrap(Files.readAllBytes(file)).getLong();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void copyFrom(Model source) {}

    @Override
    public void close() {}
  }
}
