package org.onemall.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onemall.model.Model;
import org.onemall.run.DurableFile;
import org.onemall.run.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last checkpoint of one training. {@code progress.json} names the weights that belong to it,
 * with their hash, and is replaced after they are on the disk; a damaged file means a start from
 * nothing, said in the log.
 */
final class TuningCheckpoints {
  private static final Logger log = LoggerFactory.getLogger(TuningCheckpoints.class);
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String PROGRESS = "progress.json";
  private static final int EVERY_STEPS = 50;

  private record Progress(int step, List<Double> losses, String file, String sha256) {}

  private final @Nullable Path folder;

  /** Checkpoints in a folder of their own; none where there is no folder. */
  TuningCheckpoints(@Nullable Path folder, String name) throws IOException {
    this.folder = folder == null ? null : Files.createDirectories(folder.resolve(name));
  }

  /** Loads the last checkpoint into the model; returns the losses of the steps that it has made. */
  List<Double> restore(Model model) throws IOException {
    if (folder == null || !Files.exists(folder.resolve(PROGRESS))) {
      return List.of();
    }
    Progress progress = JSON.readValue(folder.resolve(PROGRESS).toFile(), Progress.class);
    Path weights = folder.resolve(progress.file());
    if (!Files.exists(weights) || !Sha256.of(weights).equals(progress.sha256())) {
      log.warn("{}: a checkpoint file does not match its hash; training starts anew", folder);
      return List.of();
    }
    model.load(weights, true);
    log.info("item tokenizer: training goes on after step {}", progress.step());
    return progress.losses();
  }

  /** {@link #save} for a listener of steps, which can't throw what I/O throws. */
  void note(Model model, List<Double> losses, boolean last) {
    try {
      save(model, losses, last);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Writes a checkpoint and drops the one before, every so many steps and after the last. */
  private void save(Model model, List<Double> losses, boolean last) throws IOException {
    int step = losses.size();
    if (folder == null || (!last && step % EVERY_STEPS != 0)) {
      return;
    }
    String name = "state-%08d.safetensors".formatted(step);
    Path weights = folder.resolve(name);
    DurableFile.replace(weights, file -> model.save(file, true));
    byte[] progress = JSON.writeValueAsBytes(new Progress(step, losses, name, Sha256.of(weights)));
    DurableFile.replace(folder.resolve(PROGRESS), file -> Files.write(file, progress));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (!file.endsWith(PROGRESS) && !file.endsWith(name)) {
          Files.delete(file);
        }
      }
    }
  }
}
