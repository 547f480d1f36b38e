package org.onemall.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A run: one folder for each stage, and the resolved config. */
public final class RunFolder {
  private static final String CONFIG = "config.yaml";
  private static final String STAGE = "[0-9]{2}-[a-z0-9_.]+";

  private final Path path;
  private final Disk disk;
  private final Map<String, StageFolder> stages = new HashMap<>();

  /** A view of {@code path}, which need not exist yet. */
  public RunFolder(Path path) {
    this(path, new Disk());
  }

  RunFolder(Path path, Disk disk) {
    this.path = path;
    this.disk = disk;
  }

  public Path path() {
    return path;
  }

  /**
   * Keeps other processes out until the lock is closed; creates the folder where there is none.
   *
   * @throws IOException that names the holder where there is one
   */
  public RunLock lock() throws IOException {
    try {
      disk.createFolder(path);
    } catch (IOException e) {
      throw new IOException(
          path + ": this folder can't be made: " + e.getMessage() + "; choose another with --out",
          e);
    }
    return RunLock.take(path);
  }

  /** Puts the resolved config into the folder. */
  public void writeConfig(String yaml) throws IOException {
    DurableFile.replace(disk, path.resolve(CONFIG), yaml);
  }

  /** The folder of that name; the same object each time, so that hashes are checked once. */
  public StageFolder stage(String name) {
    return stages.computeIfAbsent(name, key -> new StageFolder(path.resolve(key), disk));
  }

  /**
   * Everything that is wrong with a run, one line each: damaged or missing artefacts, stages that
   * didn't finish, and stages that were fed something else than what is there now.
   */
  public List<String> check() throws IOException {
    List<String> problems = new ArrayList<>();
    Map<String, Manifest> manifests = new HashMap<>();
    List<String> names = stageNames();
    if (names.isEmpty()) {
      problems.add(path + ": there are no stages of a run here");
    }
    for (String name : names) {
      Manifest manifest = manifest(name, problems);
      if (manifest != null) {
        manifests.put(name, manifest);
        problems.addAll(stage(name).damage(manifest));
      }
    }
    for (String name : names) {
      Manifest manifest = manifests.get(name);
      for (StageInput input : manifest == null ? List.<StageInput>of() : manifest.inputs()) {
        Manifest source = manifests.get(input.folder());
        FileHash artefact = source == null ? null : source.artefacts().get(input.artefact());
        if (artefact == null || !artefact.sha256().equals(input.sha256())) {
          problems.add(
              "%s was made from another %s/%s than %s"
                  .formatted(
                      path.resolve(name),
                      input.folder(),
                      input.artefact(),
                      artefact == null ? "there is (none)" : "there is now"));
        }
      }
    }
    return problems;
  }

  /** The finished stages' folders by the version of the code that made them. */
  public SortedMap<String, List<String>> versions() throws IOException {
    SortedMap<String, List<String>> versions = new TreeMap<>();
    for (String name : stageNames()) {
      Manifest manifest = manifest(name, new ArrayList<>());
      if (manifest != null) {
        versions.computeIfAbsent(manifest.version(), version -> new ArrayList<>()).add(name);
      }
    }
    return versions;
  }

  private @Nullable Manifest manifest(String name, List<String> problems) {
    try {
      Manifest manifest = stage(name).manifest();
      if (manifest == null) {
        problems.add(path.resolve(name) + ": this stage didn't finish");
      }
      return manifest;
    } catch (IOException e) {
      problems.add(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /**
   * The finished stage of that name, whatever its number: a shared one, or that of a scenario.
   *
   * @throws IOException where there is none
   */
  StageFolder finished(String stage, String scenario) throws IOException {
    List<String> names = stageNames();
    for (String name : names) {
      String step = name.substring(name.indexOf('-') + 1);
      if ((step.equals(stage) || step.equals(stage + "." + scenario))
          && stage(name).manifest() != null) {
        return stage(name);
      }
    }
    throw new IOException(
        "%s: there is no finished stage '%s' of %s, there are the folders %s; run it first"
            .formatted(path, stage, scenario, names));
  }

  private List<String> stageNames() throws IOException {
    if (!Files.isDirectory(path)) {
      throw new IOException(path + ": there is no such run folder");
    }
    try (Stream<Path> children = Files.list(path)) {
      return children
          .filter(Files::isDirectory)
          .map(child -> child.getFileName().toString())
          .filter(name -> name.matches(STAGE))
          .sorted()
          .toList();
    }
  }
}
