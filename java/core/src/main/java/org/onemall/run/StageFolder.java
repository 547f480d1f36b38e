package org.onemall.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a stage's folder: only what a manifest lists and what has the hash given there counts. */
public final class StageFolder {
  static final String MANIFEST = "manifest.json";
  static final String PROVENANCE = "provenance.json";
  static final String METRICS = "metrics.jsonl";
  static final String CHECKPOINTS = "checkpoints";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;
  private final Disk disk;
  private final Map<Path, FileHash> verified = new HashMap<>();

  StageFolder(Path path, Disk disk) {
    this.path = path;
    this.disk = disk;
  }

  /**
   * The manifest, or null where the stage didn't finish.
   *
   * @throws IOException where it is damaged, of another format, or can't be read
   */
  public @Nullable Manifest manifest() throws IOException {
    Path file = path.resolve(MANIFEST);
    try {
      return Manifest.fromJson(Files.readString(file));
    } catch (NoSuchFileException e) {
      return null;
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is damaged: it isn't text any more", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " " + e.getMessage(), e);
    }
  }

  /**
   * What is wrong with the artefacts, one line each that starts with the file's path; empty where
   * all are as they were written. What was found whole is not read again in this process.
   */
  public List<String> damage(Manifest manifest) throws IOException {
    List<String> damage = new ArrayList<>();
    for (Map.Entry<String, FileHash> entry : manifest.artefacts().entrySet()) {
      String problem = damage(path.resolve(entry.getKey()), entry.getValue());
      if (problem != null) {
        damage.add(problem);
      }
    }
    return damage;
  }

  private @Nullable String damage(Path file, FileHash expected) throws IOException {
    if (!Files.isRegularFile(file)) {
      return file + " is missing";
    }
    long bytes = Files.size(file);
    if (bytes != expected.bytes()) {
      return "%s is damaged: expected %,d bytes, found %,d"
          .formatted(file, expected.bytes(), bytes);
    }
    if (expected.equals(verified.get(file))) {
      return null;
    }
    String sha256 = Sha256.of(file);
    if (!sha256.equals(expected.sha256())) {
      return "%s is damaged: expected SHA-256 %s, found %s"
          .formatted(file, expected.sha256(), sha256);
    }
    verified.put(file, expected);
    return null;
  }

  /** The file of an artefact, after its hash was checked. */
  public Path artefact(String name) throws IOException {
    Manifest manifest = manifest();
    FileHash artefact = manifest == null ? null : manifest.artefacts().get(name);
    if (artefact == null) {
      throw new IOException(
          "%s: there is no finished '%s'; run its stage first".formatted(path, name));
    }
    Path file = path.resolve(name);
    String problem = damage(file, artefact);
    if (problem != null) {
      throw new IOException(problem + "; the same run command makes it again");
    }
    return file;
  }

  /**
   * Makes this stage what another run made of the same recipe, without its work.
   *
   * @return false where the other run has no such stage, or not a whole one
   */
  public boolean takeOver(StageFolder other, Recipe recipe, CodeVersion code) throws IOException {
    Manifest manifest;
    try {
      manifest = other.manifest();
      if (manifest == null
          || !code.accepts(manifest, recipe)
          || !other.damage(manifest).isEmpty()) {
        return false;
      }
    } catch (IOException e) {
      return false;
    }
    StageWriter writer = writer(recipe, manifest.version());
    for (Map.Entry<String, FileHash> artefact : manifest.artefacts().entrySet()) {
      writer.takeOver(
          artefact.getKey(), other.path.resolve(artefact.getKey()), artefact.getValue());
    }
    Path metrics = other.path.resolve(METRICS);
    if (Files.isRegularFile(metrics)) {
      Files.copy(metrics, path.resolve(METRICS), StandardCopyOption.REPLACE_EXISTING);
    }
    writer.commit(List.copyOf(manifest.artefacts().keySet()), other.provenance());
    return true;
  }

  /** What is known of how the stage was made, for people; empty where nothing is. */
  public Map<String, Object> provenance() {
    try {
      return JSON.readValue(path.resolve(PROVENANCE).toFile(), new TypeReference<>() {});
    } catch (IOException e) {
      return Map.of();
    }
  }

  /**
   * Keeps what is there by another recipe, which stands for the same work: settings that the stage
   * derived itself are said in it.
   */
  public void settle(Recipe recipe) throws IOException {
    Manifest made = manifest();
    if (made == null) {
      throw new IOException(path + ": this stage didn't finish");
    }
    String key = recipe.key(made.version());
    Manifest settled =
        new Manifest(made.stage(), key, made.version(), made.inputs(), made.artefacts());
    DurableFile.replace(disk, path.resolve(MANIFEST), settled.toJson());
  }

  /**
   * Starts the stage anew: what it had written before stops counting.
   *
   * @param version of the code that makes it
   */
  public StageWriter writer(Recipe recipe, String version) throws IOException {
    verified.clear();
    return new StageWriter(path, disk, recipe, version);
  }
}
