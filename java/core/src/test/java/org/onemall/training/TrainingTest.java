package org.onemall.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.model.Model;
import org.onemall.model.ModelException;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensors;

class TrainingTest {
  private static final Schedule SCHEDULE = new Schedule(0.1, 10, 0.03);

  @TempDir Path folder;

  private static List<Double> train(HashModel model, Path folder, long steps) throws IOException {
    try (RootAllocator allocator = new RootAllocator()) {
      return new Training("a tower", "pairs", model, SCHEDULE, steps)
          .run(
              step -> {
                Tensors batch = new Tensors();
                batch.add("row", allocator, DType.INT64, 1).setLong(0, step * step);
                return batch;
              },
              new Checkpoints(folder),
              (step, figures) -> model.rates.add(figures.get("learning_rate")));
    }
  }

  /** All that a step depends on is in the checkpoint: weights, losses, place in the schedule. */
  @Test
  void killedAtAnyStepItEndsWithTheSameWeightsAndLosses() throws IOException {
    HashModel whole = new HashModel(Long.MAX_VALUE);
    List<Double> losses = train(whole, folder.resolve("whole"), 120);
    assertThat(losses).hasSize(120);
    assertThat(whole.rates)
        .hasSize(120)
        .satisfies(rates -> assertThat(rates.get(60)).isEqualTo(SCHEDULE.rate(60, 120)));
    for (int kill : new int[] {0, 1, 49, 50, 51, 99, 100, 119}) {
      Path place = folder.resolve("killed-" + kill);
      assertThatThrownBy(() -> train(new HashModel(kill), place, 120)).hasMessage("killed");
      HashModel resumed = new HashModel(Long.MAX_VALUE);
      assertThat(train(resumed, place, 120)).as("killed at %d", kill).isEqualTo(losses);
      assertThat(resumed.weights).as("killed at %d", kill).isEqualTo(whole.weights);
      assertThat(resumed.rates).as("steps taken again").hasSize(120 - kill / 50 * 50);
    }
  }

  @Test
  void aFinishedTrainingTakesNoStep() throws IOException {
    HashModel whole = new HashModel(Long.MAX_VALUE);
    List<Double> losses = train(whole, folder, 70);
    HashModel again = new HashModel(0);
    assertThat(train(again, folder, 70)).isEqualTo(losses);
    assertThat(again.weights).isEqualTo(whole.weights);
  }

  @Test
  void anErrorNamesTheStepAndKeepsItsCause() {
    ModelException mistake = new ModelException("FloatingPointError", "loss is nan", "trace");
    HashModel model = new HashModel(Long.MAX_VALUE);
    model.mistake = mistake;
    assertThatThrownBy(() -> train(model, folder, 9))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("a tower, step 3 of 9: ")
        .hasMessageContaining("loss is nan")
        .hasMessageContaining("a lower learning_rate may help")
        .hasCause(mistake);
  }

  @Test
  void aModelWithoutALossIsRefused() {
    HashModel model =
        new HashModel(Long.MAX_VALUE) {
          @Override
          public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
            return Map.of("auc", 0.5);
          }
        };
    assertThatThrownBy(() -> train(model, folder, 1))
        .hasMessageContaining("expected a figure 'loss' in the answer, found [auc");
    assertThatThrownBy(() -> new Training("a tower", "pairs", model, SCHEDULE, 0))
        .hasMessageContaining("a tower: expected 1 step or more, found 0");
  }

  /** Its weights are a hash of all that it was ever shown. */
  private static class HashModel implements Model {
    private final List<Double> rates = new ArrayList<>();
    private final long killAt;
    private @Nullable ModelException mistake;
    private long weights = 1;

    HashModel(long killAt) {
      this.killAt = killAt;
    }

    @Override
    public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
      if (rates.size() == killAt) {
        throw new IllegalStateException("killed");
      }
      if (mistake != null && rates.size() == 3) {
        throw mistake;
      }
      weights = weights * 31 + batch.get("row").getLong(0);
      weights = weights * 31 + String.valueOf(settings.get("learning_rate")).hashCode();
      return Map.of("loss", weights % 1000 / 7.0);
    }

    @Override
    public void save(Path file, boolean training) {
      try {
        Files.writeString(file, Long.toString(weights));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void load(Path file, boolean training) {
      try {
        weights = Long.parseLong(Files.readString(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void copyFrom(Model source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void feed(String what, Tensors tensors) {}

    @Override
    public void feed(String what, VectorSchemaRoot table) {}

    @Override
    public Map<String, Double> infer(String what, Tensors in, Tensors out) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
