package org.onemall.pretrain;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.onemall.model.Model;
import org.onemall.run.DurableFile;
import org.onemall.run.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one training in a folder of its own. {@code progress.json} is the only commit
 * point: it names the files that belong to it with their hashes, and is replaced by a rename after
 * they are on the disk. A kill at any moment leaves the checkpoint before or the new one; a damaged
 * file means a start from nothing, said in the log.
 */
public final class Checkpoints {
  private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String PROGRESS = "progress.json";

  /** A weights file and its SHA-256. */
  record Stored(String file, String sha256) {}

  /** What {@code progress.json} says. */
  record Progress(TrainingState state, Stored latest, Stored best) {}

  private final Path folder;
  private Stored best = new Stored("", "");

  /** Checkpoints in {@code folder}, which exists. */
  public Checkpoints(Path folder) {
    this.folder = folder;
  }

  /** Loads the last complete checkpoint into the model; with none, the model stays as it is. */
  TrainingState restore(Model model) throws IOException {
    Path progressFile = folder.resolve(PROGRESS);
    if (!Files.exists(progressFile)) {
      return TrainingState.fresh();
    }
    Progress progress = read(progressFile);
    if (!isWhole(progress.latest())
        || !(progress.best().file().isEmpty() || isWhole(progress.best()))) {
      log.warn("{}: a checkpoint file does not match its hash; training starts anew", folder);
      Files.delete(progressFile);
      return TrainingState.fresh();
    }
    model.load(folder.resolve(progress.latest().file()), true);
    best = progress.best();
    log.info("training goes on after step {}", progress.state().step());
    return progress.state();
  }

  /** Writes a checkpoint and drops the one before. */
  void save(Model model, TrainingState state) throws IOException {
    Stored latest = store(model, "state-%08d.safetensors".formatted(state.step()), true);
    byte[] progress = JSON.writeValueAsBytes(new Progress(state, latest, best));
    DurableFile.replace(folder.resolve(PROGRESS), file -> Files.write(file, progress));
    drop(Set.of(PROGRESS, latest.file(), best.file()));
  }

  /** Keeps the model's weights as the best so far; the next {@link #save} commits them. */
  void saveBest(Model model, int epoch) throws IOException {
    best = store(model, "best-%04d.safetensors".formatted(epoch), false);
  }

  /** Loads the best weights into the model. */
  void restoreBest(Model model) {
    if (best.file().isEmpty()) {
      throw new IllegalStateException("checkpoints: no epoch was validated yet");
    }
    model.load(folder.resolve(best.file()), false);
  }

  private Stored store(Model model, String name, boolean training) throws IOException {
    Path target = folder.resolve(name);
    DurableFile.replace(target, file -> model.save(file, training));
    return new Stored(name, Sha256.of(target));
  }

  private boolean isWhole(Stored stored) throws IOException {
    Path file = folder.resolve(stored.file());
    return Files.exists(file) && Sha256.of(file).equals(stored.sha256());
  }

  private Progress read(Path file) throws IOException {
    return JSON.readValue(Files.readAllBytes(file), Progress.class);
  }

  private void drop(Set<String> kept) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (!kept.contains(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
  }
}
