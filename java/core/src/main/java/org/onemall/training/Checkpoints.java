package org.onemall.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onemall.model.Model;
import org.onemall.run.CheckpointFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one training, of one model or of several that belong together (policy and
 * ranker, say), with a small state that is written as JSON. All of it is committed at once: after a
 * kill, models and state are those of one moment.
 *
 * <p>Models that train are written at each {@link #save}, with optimizer and random state. Weights
 * that stay for longer (the best epoch's, a reference model's) are written by {@link #keep} and
 * committed by the next save. A damaged file means a start from nothing, said in the log.
 */
public final class Checkpoints {
  private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** A weights file and its SHA-256. */
  private record Weights(String file, String sha256) {}

  /** What a commit says. */
  private record Progress(
      long step, JsonNode state, Map<String, Weights> models, Map<String, Weights> kept) {
    List<Weights> all() {
      return Stream.concat(models.values().stream(), kept.values().stream()).toList();
    }

    Set<String> files() {
      return all().stream().map(Weights::file).collect(Collectors.toSet());
    }
  }

  private final @Nullable CheckpointFolder folder;
  private final SortedMap<String, Weights> kept = new TreeMap<>();

  /** Checkpoints in a folder of their own, which need not exist yet. */
  public Checkpoints(Path folder) {
    this(new CheckpointFolder(folder));
  }

  Checkpoints(@Nullable CheckpointFolder folder) {
    this.folder = folder;
  }

  /** None: a training that starts anew after a kill. */
  public static Checkpoints none() {
    return new Checkpoints((CheckpointFolder) null);
  }

  /**
   * Loads the last checkpoint into the models. Where there is none, or it is damaged, they stay as
   * they are.
   *
   * @param type of the state that {@link #save} was given
   * @param models by the names that they were saved under
   * @return the state; empty for a start from nothing
   */
  public <S> Optional<S> restore(Class<S> type, Map<String, Model> models) throws IOException {
    kept.clear();
    String committed = folder == null ? null : folder.committed();
    if (folder == null || committed == null) {
      return Optional.empty();
    }
    Progress progress;
    S state;
    try {
      progress = JSON.readValue(committed, Progress.class);
      state = JSON.treeToValue(progress.state(), type);
    } catch (JsonProcessingException e) {
      log.warn("{}: the checkpoint can't be read; training starts anew", folder, e);
      return Optional.empty();
    }
    if (!progress.models().keySet().equals(models.keySet())) {
      throw new IllegalStateException(
          "%s: expected the models %s, found a checkpoint of %s"
              .formatted(folder, models.keySet(), progress.models().keySet()));
    }
    for (Weights weights : progress.all()) {
      if (!folder.isWhole(weights.file(), weights.sha256())) {
        log.warn("{}: {} does not match its hash; training starts anew", folder, weights.file());
        return Optional.empty();
      }
    }
    for (Map.Entry<String, Model> each : models.entrySet()) {
      Weights weights = Objects.requireNonNull(progress.models().get(each.getKey()));
      each.getValue().load(folder.file(weights.file()), true);
    }
    kept.putAll(progress.kept());
    folder.dropAllBut(progress.files());
    log.info("{}: training goes on after step {}", folder, progress.step());
    return Optional.of(state);
  }

  /**
   * Writes a checkpoint and drops the one before.
   *
   * @param step steps taken so far; each save has another one
   * @param state what is to be known beside the models to go on; written as JSON
   * @param models by name
   */
  public void save(long step, Object state, Map<String, Model> models) throws IOException {
    if (folder == null) {
      return;
    }
    SortedMap<String, Weights> written = new TreeMap<>();
    for (Map.Entry<String, Model> each : new TreeMap<>(models).entrySet()) {
      String name = "%s-%08d.state.safetensors".formatted(each.getKey(), step);
      written.put(each.getKey(), write(folder, name, each.getValue(), true));
    }
    Progress progress = new Progress(step, JSON.valueToTree(state), written, kept);
    folder.commit(JSON.writeValueAsString(progress), progress.files());
  }

  /**
   * Keeps a model's weights under a name, in place of those before; the next {@link #save} commits
   * them.
   *
   * @param step steps taken so far; other weights of that name have another one
   */
  public void keep(String name, long step, Model model) throws IOException {
    if (folder == null) {
      throw new IllegalStateException("checkpoints: expected a folder for '" + name + "'");
    }
    String file = "%s-%08d.safetensors".formatted(name, step);
    kept.put(name, write(folder, file, model, false));
  }

  /** Loads kept weights into a model. */
  public void loadKept(String name, Model model) {
    Weights weights = kept.get(name);
    if (folder == null || weights == null) {
      throw new IllegalStateException(
          "checkpoints: no weights were kept as '%s', there are %s".formatted(name, kept.keySet()));
    }
    model.load(folder.file(weights.file()), false);
  }

  private static Weights write(CheckpointFolder folder, String name, Model model, boolean training)
      throws IOException {
    return new Weights(name, folder.write(name, aside -> model.save(aside, training)));
  }
}
