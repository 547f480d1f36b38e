package org.onemall.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes a stage's folder. Each artefact is written aside, hashed, synced and renamed into place;
 * nothing counts until {@link #commit} puts the manifest there, which is taken away before the
 * first artefact changes.
 */
public final class StageWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Disk disk;
  private final Recipe recipe;
  private final String version;
  private final Map<String, FileHash> artefacts = new TreeMap<>();

  StageWriter(Path folder, Disk disk, Recipe recipe, String version) throws IOException {
    this.folder = folder;
    this.disk = disk;
    this.recipe = recipe;
    this.version = version;
    try {
      disk.createFolder(folder);
      disk.delete(folder.resolve(StageFolder.MANIFEST));
      disk.syncFolder(folder);
      clear();
    } catch (IOException e) {
      throw DurableFile.unwritable(folder, e);
    }
  }

  /** Keeps the checkpoints of this key, and with them the metrics so far. */
  private void clear() throws IOException {
    Path resumable = checkpointFolder();
    boolean resume = Files.isDirectory(resumable);
    for (Path file : children(folder)) {
      boolean metrics = file.endsWith(StageFolder.METRICS);
      if (!file.endsWith(StageFolder.CHECKPOINTS) && !(metrics && resume)) {
        disk.delete(file);
      }
    }
    for (Path other : children(folder.resolve(StageFolder.CHECKPOINTS))) {
      if (!other.equals(resumable)) {
        disk.delete(other);
      }
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    }
  }

  private Path checkpointFolder() {
    return folder.resolve(StageFolder.CHECKPOINTS).resolve(recipe.key(version));
  }

  /** A folder that outlives a kill, until the key changes or the stage commits. */
  public Path checkpoints() throws IOException {
    disk.createFolder(checkpointFolder());
    return checkpointFolder();
  }

  /** Opens an artefact; closing the stream puts it in place. */
  public OutputStream create(String name) throws IOException {
    return new ArtefactStream(disk, folder.resolve(name), whole -> artefacts.put(name, whole));
  }

  /** Has {@code filler} write an artefact and puts it in place. */
  public void write(String name, DurableFile.Filler filler) throws IOException {
    Path target = folder.resolve(name);
    DurableFile.replace(
        disk,
        target,
        file -> {
          filler.fill(file);
          artefacts.put(name, new FileHash(Files.size(file), Sha256.of(file)));
        });
  }

  /** Takes over a whole artefact of another run; the file is shared, as no file is ever changed. */
  void takeOver(String name, Path file, FileHash whole) throws IOException {
    Path target = folder.resolve(name);
    DurableFile.replace(
        disk,
        target,
        aside -> {
          disk.delete(aside);
          disk.link(file, aside);
          artefacts.put(name, whole);
        });
  }

  /** Appends one line to {@code metrics.jsonl}. */
  public void metric(Map<String, ?> values) throws IOException {
    Path file = folder.resolve(StageFolder.METRICS);
    byte[] line = (JSON.writeValueAsString(values) + "\n").getBytes(StandardCharsets.UTF_8);
    Files.write(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * Makes the artefacts count: from here on the stage is finished.
   *
   * @param expected the artefacts that must be there, and no others
   * @param provenance of these artefacts, for people; may differ between equal runs
   */
  public Manifest commit(List<String> expected, Map<String, ?> provenance) throws IOException {
    List<String> missing = new ArrayList<>(expected);
    missing.removeAll(artefacts.keySet());
    List<String> unknown = new ArrayList<>(artefacts.keySet());
    unknown.removeAll(expected);
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalStateException(
          "%s: expected the artefacts %s, it left out %s and wrote besides %s"
              .formatted(recipe.stage(), expected, missing, unknown));
    }
    Manifest manifest =
        new Manifest(recipe.stage(), recipe.key(version), version, recipe.inputs(), artefacts);
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(provenance);
    DurableFile.replace(disk, folder.resolve(StageFolder.PROVENANCE), text + "\n");
    DurableFile.replace(disk, folder.resolve(StageFolder.MANIFEST), manifest.toJson());
    disk.delete(folder.resolve(StageFolder.CHECKPOINTS));
    return manifest;
  }
}
