package org.onemall.orchestrator.pipeline;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.onemall.config.ConfigException;
import org.onemall.run.CodeVersion;
import org.onemall.run.FileHash;
import org.onemall.run.Manifest;
import org.onemall.run.Recipe;
import org.onemall.run.RunFolder;
import org.onemall.run.Sha256;
import org.onemall.run.StageFolder;
import org.onemall.run.StageInput;

/** Which steps there are for a config, and for each whether it has to run and why. */
public final class Plan {
  private final RunConfig config;
  private final RunFolder folder;
  private final List<Step> steps;
  private final CodeVersion code;
  private final Map<Path, String> sourceHashes = new LinkedHashMap<>();

  /**
   * A step's state: what it would be made from now.
   *
   * @param reason why it has to run; empty where what is there is what would be made, or is kept
   */
  public record Verdict(Recipe recipe, String reason) {
    public boolean upToDate() {
      return reason.isEmpty();
    }
  }

  public Plan(RunConfig config, RunFolder folder, Pipeline pipeline, CodeVersion code) {
    this(config, folder, pipeline.steps(config.scenarios()), code);
  }

  /** For a part of the pipeline's steps: each with all that it reads from. */
  public Plan(RunConfig config, RunFolder folder, List<Step> steps, CodeVersion code) {
    this.config = config;
    this.folder = folder;
    this.steps = List.copyOf(steps);
    this.code = code;
    check(config, this.steps);
  }

  /** All that stages have against the config, at once. */
  private static void check(RunConfig config, List<Step> steps) {
    List<String> problems = new ArrayList<>();
    for (Stage stage : steps.stream().map(Step::stage).distinct().toList()) {
      try {
        stage.check(config);
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  public List<Step> steps() {
    return steps;
  }

  CodeVersion code() {
    return code;
  }

  /** Judges a step whose writers are all finished. */
  public Verdict judge(Step step) throws IOException {
    List<StageInput> inputs = inputs(step);
    List<String> sources = new ArrayList<>();
    for (Path source : step.stage().sources(config)) {
      sources.add(sourceHash(source));
    }
    Object settings = step.stage().settings(config);
    Recipe recipe = new Recipe(step.name(), settings, step.seed(config), inputs, sources);
    return new Verdict(recipe, reason(step, recipe));
  }

  private String reason(Step step, Recipe recipe) {
    StageFolder stage = folder.stage(step.folder());
    try {
      Manifest manifest = stage.manifest();
      if (manifest == null) {
        return "it didn't finish yet";
      }
      if (!manifest.inputs().equals(recipe.inputs())) {
        return "its inputs changed: "
            + String.join(", ", changed(manifest.inputs(), recipe.inputs()));
      }
      if (!recipe.made(manifest)) {
        return "its settings, the seed or its source files changed";
      }
      if (!code.accepts(manifest, recipe)) {
        return "it was made by another version of the code (%s, this is %s)"
            .formatted(manifest.version(), code.hash());
      }
      if (!manifest.artefacts().keySet().equals(Set.copyOf(step.fileNames()))) {
        return "it writes other artefacts now";
      }
      return String.join("; ", stage.damage(manifest));
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static List<String> changed(List<StageInput> before, List<StageInput> now) {
    List<StageInput> changed = new ArrayList<>(now);
    changed.removeAll(before);
    return (changed.isEmpty() ? before : changed).stream().map(StageInput::artefact).toList();
  }

  private List<StageInput> inputs(Step step) throws IOException {
    List<StageInput> inputs = new ArrayList<>();
    for (Pipeline.Source source : Pipeline.sources(steps, step)) {
      String artefact = source.artefact().fileName();
      Step writer = source.writer();
      Manifest manifest = folder.stage(writer.folder()).manifest();
      FileHash found = manifest == null ? null : manifest.artefacts().get(artefact);
      if (found == null) {
        throw new IOException("%s: %s of %s isn't there".formatted(step, artefact, writer));
      }
      inputs.add(new StageInput(writer.folder(), artefact, found.sha256()));
    }
    return inputs;
  }

  private String sourceHash(Path source) throws IOException {
    String known = sourceHashes.get(source);
    if (known != null) {
      return known;
    }
    try {
      String hash = Sha256.of(source);
      sourceHashes.put(source, hash);
      return hash;
    } catch (NoSuchFileException e) {
      throw new IOException(
          "%s: there is no such file (relative to %s); correct the config"
              .formatted(source, Path.of("").toAbsolutePath()),
          e);
    } catch (IOException e) {
      throw new IOException(source + ": can't be read: " + e, e);
    }
  }

  /** The index of the first or last step of a stage; {@code fallback} without a name. */
  public int index(@Nullable String stage, boolean last, int fallback) {
    if (stage == null) {
      return fallback;
    }
    int[] found =
        IntStream.range(0, steps.size())
            .filter(
                i -> steps.get(i).stage().name().equals(stage) || steps.get(i).name().equals(stage))
            .toArray();
    if (found.length == 0) {
      throw new IllegalArgumentException(
          "there is no stage '%s'; there are %s"
              .formatted(
                  stage, steps.stream().map(step -> step.stage().name()).distinct().toList()));
    }
    return last ? found[found.length - 1] : Arrays.stream(found).min().orElseThrow();
  }

  /** One line a step: whether it would run and why, how large it is, and its own estimate. */
  public List<String> describe(int from, int to) throws IOException {
    List<String> lines = new ArrayList<>();
    Set<Step> running = new HashSet<>();
    for (int i = 0; i <= to; i++) {
      Step step = steps.get(i);
      List<Step> before =
          Pipeline.sources(steps, step).stream()
              .map(Pipeline.Source::writer)
              .filter(running::contains)
              .distinct()
              .toList();
      String reason =
          i >= from ? "--from" : before.isEmpty() ? judge(step).reason() : "after " + before;
      if (!reason.isEmpty()) {
        running.add(step);
      }
      lines.add(describe(step, reason));
    }
    return lines;
  }

  private String describe(Step step, String reason) throws IOException {
    String estimate = step.stage().estimate(config);
    String state = reason.isEmpty() ? "is up to date, " + size(step) : "would run: " + reason;
    return "%-32s %s%s"
        .formatted(step.folder(), state, estimate.isEmpty() ? "" : " (" + estimate + ")");
  }

  private String size(Step step) throws IOException {
    Manifest manifest = folder.stage(step.folder()).manifest();
    long bytes =
        manifest == null
            ? 0
            : manifest.artefacts().values().stream().mapToLong(FileHash::bytes).sum();
    return "%,d KiB".formatted((bytes + 1023) >> 10);
  }
}
