package org.onemall.pretrain;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;
import org.onemall.model.Model;
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
    Path aside = folder.resolve(PROGRESS + ".aside");
    Files.write(aside, JSON.writeValueAsBytes(new Progress(state, latest, best)));
    sync(aside);
    Files.move(
        aside,
        folder.resolve(PROGRESS),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    sync(folder);
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
    Path file = folder.resolve(name);
    model.save(file, training);
    sync(file);
    return new Stored(name, sha256(file));
  }

  private boolean isWhole(Stored stored) throws IOException {
    Path file = folder.resolve(stored.file());
    return Files.exists(file) && sha256(file).equals(stored.sha256());
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

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] scratch = new byte[1 << 16];
      for (int n = in.read(scratch); n >= 0; n = in.read(scratch)) {
        digest.update(scratch, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
