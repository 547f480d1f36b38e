package org.onemall.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.model.Model;
import org.onemall.run.FailingDisk;
import org.onemall.tensor.Tensors;

/**
 * A training of two models, a policy and a ranker, and a reference that takes over the policy's
 * weights now and then: what one knows, the others have seen, so that models of different moments
 * show.
 */
class CheckpointsTest {
  private static final int STEPS = 4;

  @TempDir Path folder;

  /** What is known beside the models. */
  record State(long step, List<Long> policies) {}

  /** What a training ends with. */
  private record End(long policy, long ranker, long reference, List<Long> policies) {}

  private static End train(Path folder, FailingDisk disk) throws IOException {
    FakeModel policy = new FakeModel(disk, 1);
    FakeModel ranker = new FakeModel(disk, 2);
    FakeModel reference = new FakeModel(disk, 3);
    Map<String, Model> models = Map.of("policy", policy, "ranker", ranker);
    Checkpoints checkpoints = new Checkpoints(disk.checkpoints(folder));
    Optional<State> restored = checkpoints.restore(State.class, models);
    State state = restored.orElse(new State(0, List.of()));
    if (restored.isPresent()) {
      checkpoints.loadKept("reference", reference);
    }
    for (long step = state.step(); step < STEPS; ) {
      ranker.weights = ranker.weights * 31 + policy.weights;
      policy.weights = policy.weights * 31 + ranker.weights + reference.weights;
      state =
          new State(
              ++step, Stream.concat(state.policies().stream(), Stream.of(policy.weights)).toList());
      if (step % 2 == 1) {
        reference.copyFrom(policy);
        checkpoints.keep("reference", step, reference);
      }
      checkpoints.save(step, state, models);
    }
    return new End(policy.weights, ranker.weights, reference.weights, state.policies());
  }

  /** However often it is killed: at a step of the disk, and again at one of the next try. */
  @Test
  void killedAtAnyStepOfTheDiskItEndsWithTheSameModels() throws IOException {
    End whole = train(folder.resolve("whole"), new FailingDisk(Integer.MAX_VALUE));
    int kills = 0;
    boolean finished = false;
    for (int kill = 0; !finished; kill++) {
      Path place = folder.resolve("killed-" + kill);
      for (int again : new int[] {kill, kill % 13}) {
        try {
          train(place, new FailingDisk(again));
          finished |= again == kill; // a later try may end, too
        } catch (IOException | UncheckedIOException e) {
          kills++;
        }
      }
      assertThat(train(place, new FailingDisk(Integer.MAX_VALUE)))
          .as("killed after %d steps of the disk", kill)
          .isEqualTo(whole);
      try (Stream<Path> files = Files.list(place)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .as("what is no longer needed is gone")
            .contains("policy-00000004.state.safetensors", "ranker-00000004.state.safetensors")
            .contains("progress.json", "reference-00000003.safetensors")
            .hasSize(4);
      }
    }
    assertThat(kills).isGreaterThan(100);
  }

  /** One flipped bit in any file: a start from nothing, and the models were not touched. */
  @Test
  void aDamagedFileMeansAStartFromNothing() throws IOException {
    End whole = train(folder, new FailingDisk(Integer.MAX_VALUE));
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".safetensors")).toList();
    }
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[5] ^= 4;
      Files.write(file, bytes);
      FakeModel policy = new FakeModel(new FailingDisk(Integer.MAX_VALUE), 7);
      FakeModel ranker = new FakeModel(new FailingDisk(Integer.MAX_VALUE), 8);
      assertThat(
              new Checkpoints(folder)
                  .restore(State.class, Map.of("policy", policy, "ranker", ranker)))
          .as(file.toString())
          .isEmpty();
      assertThat(policy.weights).isEqualTo(7);
      assertThat(ranker.weights).isEqualTo(8);
      assertThat(train(folder, new FailingDisk(Integer.MAX_VALUE))).isEqualTo(whole);
    }
    assertThat(files).hasSize(3);
    Files.writeString(folder.resolve("progress.json"), "{\"step\": 4, \"sta");
    assertThat(train(folder, new FailingDisk(Integer.MAX_VALUE))).isEqualTo(whole);
  }

  @Test
  void whatIsNoCheckpointsStays() throws IOException {
    Path table = Files.writeString(folder.resolve("items.arrow"), "a table");
    Path inside = Files.createDirectory(folder.resolve("align"));
    Path left = Files.writeString(folder.resolve("policy-00000009.safetensors.part"), "a kill's");
    train(folder, new FailingDisk(Integer.MAX_VALUE));
    assertThat(table).content().isEqualTo("a table");
    assertThat(inside).isDirectory();
    assertThat(left).doesNotExist();
  }

  @Test
  void whatWasNotKeptOrSavedIsNamed() throws IOException {
    train(folder, new FailingDisk(Integer.MAX_VALUE));
    FakeModel model = new FakeModel(new FailingDisk(0), 1);
    Checkpoints checkpoints = new Checkpoints(folder);
    assertThatThrownBy(() -> checkpoints.restore(State.class, Map.of("policy", model)))
        .hasMessageContaining("expected the models [policy], found a checkpoint of")
        .hasMessageContaining("ranker");
    assertThatThrownBy(() -> checkpoints.loadKept("best", model))
        .hasMessageContaining("no weights were kept as 'best'");
  }

  @Test
  void withoutAFolderNothingIsSavedAndNothingFound() throws IOException {
    FakeModel model = new FakeModel(new FailingDisk(0), 1);
    Checkpoints none = Checkpoints.none();
    none.save(1, new State(1, List.of()), Map.of("policy", model));
    assertThat(none.restore(State.class, Map.of("policy", model))).isEmpty();
    assertThatThrownBy(() -> none.keep("best", 1, model)).hasMessageContaining("a folder");
  }

  /** Its weights are one number. */
  private static final class FakeModel implements Model {
    private final FailingDisk disk;
    private long weights;

    FakeModel(FailingDisk disk, long weights) {
      this.disk = disk;
      this.weights = weights;
    }

    @Override
    public void save(Path file, boolean training) {
      try {
        disk.write(file, ByteBuffer.allocate(Long.BYTES).putLong(weights).array());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void load(Path file, boolean training) {
      try {
        weights = ByteBuffer.wrap(Files.readAllBytes(file)).getLong();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void copyFrom(Model source) {
      weights = ((FakeModel) source).weights;
    }

    @Override
    public void feed(String what, Tensors tensors) {}

    @Override
    public void feed(String what, VectorSchemaRoot table) {}

    @Override
    public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Double> infer(String what, Tensors in, Tensors out) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
