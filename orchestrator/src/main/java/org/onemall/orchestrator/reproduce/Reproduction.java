package org.onemall.orchestrator.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.onemall.orchestrator.pipeline.LazyModels;
import org.onemall.orchestrator.pipeline.Pipeline;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Runner;
import org.onemall.orchestrator.pipeline.StageException;
import org.onemall.orchestrator.pipeline.Step;
import org.onemall.reproduce.Experiment;
import org.onemall.reproduce.Experiment.Figure;
import org.onemall.reproduce.Experiment.Variant;
import org.onemall.reproduce.ReproductionTable;
import org.onemall.run.Artefact;
import org.onemall.run.CodeVersion;
import org.onemall.run.DurableFile;
import org.onemall.run.JsonFile;
import org.onemall.run.RunFolder;
import org.onemall.run.RunLock;
import org.onemall.shop.Scenario;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An experiment's runs: {@code base} for what all share, and one for each variant and seed, which
 * takes over what any run before it has. Each is a run folder as {@code run} makes it, so that a
 * killed reproduction goes on where it stopped.
 */
public final class Reproduction {
  /** The folder of what all runs share. */
  public static final String BASE = "base";

  private static final Logger LOG = LoggerFactory.getLogger(Reproduction.class);
  private final Experiment experiment;
  private final List<Long> seeds;
  private final Path out;
  private final List<RunFolder> others;
  private final List<Workload.Part> parts = new ArrayList<>();
  private final List<Cell> cells = new ArrayList<>();
  private final String config;

  private record Cell(Variant variant, long seed, Workload.Part part) {}

  /** Makes the config of a cell. */
  @FunctionalInterface
  public interface Configs {
    RunConfig with(List<String> overrides);
  }

  /**
   * Lays out the runs; touches nothing.
   *
   * @param others runs that may have finished some of it already
   */
  public Reproduction(
      Experiment experiment,
      Configs configs,
      List<Long> seeds,
      Pipeline pipeline,
      Path out,
      List<RunFolder> others,
      CodeVersion code) {
    this.experiment = experiment;
    this.seeds = List.copyOf(seeds);
    this.out = out;
    this.others = List.copyOf(others);
    RunConfig base = configs.with(List.of());
    this.config = base.name();
    parts.add(
        new Workload.Part(
            BASE,
            base,
            new RunFolder(out.resolve(BASE)),
            needed(pipeline, base).stream().filter(step -> step.scenario() == null).toList(),
            code));
    for (long seed : seeds) {
      for (Variant variant : experiment.variants()) {
        List<String> overrides = new ArrayList<>(variant.overrides());
        overrides.add("model_seed=" + seed);
        RunConfig cell = configs.with(overrides);
        String name = variant.key() + ".seed-" + seed;
        Workload.Part part =
            new Workload.Part(
                name, cell, new RunFolder(out.resolve(name)), needed(pipeline, cell), code);
        parts.add(part);
        cells.add(new Cell(variant, seed, part));
      }
    }
  }

  /** The steps that write the table's figures, and what they read from. */
  private List<Step> needed(Pipeline pipeline, RunConfig config) {
    Set<Artefact> artefacts =
        experiment.figures().stream().map(Figure::artefact).collect(Collectors.toUnmodifiableSet());
    return Pipeline.needed(
        pipeline.steps(config.scenarios()),
        step ->
            step.scenario() != null
                && experiment.scenarios().contains(step.scenario())
                && step.stage().writes().stream().anyMatch(artefacts::contains));
  }

  /** What would be done, and how long it takes as far as it was measured. */
  public List<String> describe() throws IOException {
    return new Workload(parts, others).describe();
  }

  /** Runs what is not up to date; gives the table as Markdown, after it was written. */
  public String run(LazyModels models) throws IOException, StageException {
    try (RunLock _ = new RunFolder(out).lock()) {
      Workload workload = new Workload(parts, others);
      workload.describe().forEach(line -> LOG.info("{}: {}", experiment.name(), line));
      List<RunFolder> before = new ArrayList<>(others);
      for (Workload.Part part : parts) {
        LOG.info("{}: {}", experiment.name(), part.name());
        new Runner(
                part.config(),
                part.folder(),
                part.plan(),
                models,
                before,
                step -> {
                  workload.finished(part, step);
                  LOG.info("{}: {}", experiment.name(), workload.remaining());
                })
            .run(part.steps().size(), part.steps().size() - 1);
        before.add(part.folder());
      }
      return write();
    }
  }

  private String write() throws IOException {
    ReproductionTable table = new ReproductionTable(experiment, config, seeds);
    for (Cell cell : cells) {
      for (Scenario scenario : experiment.scenarios()) {
        table.add(scenario, cell.variant(), cell.seed(), artefacts(cell.part(), scenario));
      }
    }
    String markdown = table.markdown();
    DurableFile.replace(out.resolve("table.json"), file -> Files.writeString(file, table.json()));
    DurableFile.replace(out.resolve("table.md"), file -> Files.writeString(file, markdown));
    return markdown;
  }

  private Map<Artefact, JsonNode> artefacts(Workload.Part part, Scenario scenario)
      throws IOException {
    Map<Artefact, JsonNode> artefacts = new HashMap<>();
    for (Figure figure : experiment.figures()) {
      Artefact name = figure.artefact();
      Step writer =
          part.steps().stream()
              .filter(step -> step.scenario() == scenario && step.stage().writes().contains(name))
              .findFirst()
              .orElseThrow(
                  () -> new IllegalStateException("no stage of " + scenario + " writes " + name));
      if (!artefacts.containsKey(name)) {
        Path file = part.folder().stage(writer.folder()).artefact(name.fileName());
        artefacts.put(name, JsonFile.read(file, JsonNode.class));
      }
    }
    return artefacts;
  }

  /** The seeds of {@code 1,2,3}. */
  public static List<Long> seeds(String text) {
    List<Long> seeds;
    try {
      seeds = Stream.of(text.split(",", -1)).map(seed -> Long.parseLong(seed.strip())).toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--seeds: expected whole numbers with commas between them, found '" + text + "'", e);
    }
    if (seeds.stream().distinct().count() < Math.max(3, seeds.size())) {
      throw new IllegalArgumentException(
          "--seeds: expected at least 3 different seeds (an interval needs them), found " + seeds);
    }
    return seeds;
  }
}
