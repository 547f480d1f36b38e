package org.onemall.orchestrator.pipeline;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.config.ConfigWriter;
import org.onemall.run.Artefact;
import org.onemall.run.CodeVersion;
import org.onemall.run.FileHash;
import org.onemall.run.Manifest;
import org.onemall.run.Recipe;
import org.onemall.run.RunFolder;
import org.onemall.run.RunLock;
import org.onemall.run.StageFolder;
import org.onemall.run.StageInput;
import org.onemall.run.StageWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a run up to date: each step that has to run does, in order, and commits or leaves no
 * trace.
 */
public final class Runner {
  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

  private final RunConfig config;
  private final RunFolder folder;
  private final Plan plan;
  private final LazyModels models;
  private final List<RunFolder> others;
  private final Consumer<Step> done;

  public Runner(RunConfig config, RunFolder folder, Plan plan, LazyModels models) {
    this(config, folder, plan, models, List.of(), step -> {});
  }

  /**
   * A runner that computes nothing which another run has.
   *
   * @param others runs whose finished stages are taken over where their keys are the same
   * @param done is told each step that is up to date, as soon as it is
   */
  public Runner(
      RunConfig config,
      RunFolder folder,
      Plan plan,
      LazyModels models,
      List<RunFolder> others,
      Consumer<Step> done) {
    this.config = config;
    this.folder = folder;
    this.plan = plan;
    this.models = models;
    this.others = List.copyOf(others);
    this.done = done;
  }

  /**
   * Runs the steps up to {@code to}: those from {@code from} on in any case, earlier ones where
   * they are not up to date. Other processes are kept out meanwhile.
   *
   * @return the seconds of each step that ran, in order
   */
  public Map<Step, Double> run(int from, int to) throws IOException, StageException {
    List<Step> steps = plan.steps();
    Map<Step, Double> seconds = new LinkedHashMap<>();
    try (RunLock _ = folder.lock()) {
      folder.writeConfig(ConfigWriter.wholeYaml(config, folder.path()));
      sayWhatOtherVersionsMade();
      for (int i = 0; i <= to; i++) {
        Step step = steps.get(i);
        Plan.Verdict verdict = judge(step);
        String reason = i >= from ? "--from" : verdict.reason();
        if (reason.isEmpty()) {
          LOG.info("{} of {} {}: up to date", i + 1, steps.size(), step);
        } else if (i >= from || !takenOver(step, verdict)) {
          LOG.info("{} of {} {}: runs, {}", i + 1, steps.size(), step, reason);
          seconds.put(step, run(step, verdict));
        }
        done.accept(step);
      }
    }
    return seconds;
  }

  /** Brings one step up to date whose writers are, and leaves the folder's config as it is. */
  void only(Step step) throws IOException, StageException {
    try (RunLock _ = folder.lock()) {
      Plan.Verdict verdict = judge(step);
      if (!verdict.upToDate() && !takenOver(step, verdict)) {
        LOG.info("{}: runs, {}", step, verdict.reason());
        run(step, verdict);
      }
    }
  }

  private void sayWhatOtherVersionsMade() throws IOException {
    CodeVersion code = plan.code();
    Map<String, List<String>> versions = folder.versions();
    versions.remove(code.hash());
    if (!versions.isEmpty()) {
      LOG.warn(
          "{}: other versions of the code than this one ({}) made {}; {}",
          folder.path(),
          code.hash(),
          versions,
          code.keepsOthers()
              ? "where nothing else changed they are kept, as --keep-artefacts says"
              : "they are made again; --keep-artefacts keeps those where nothing else changed");
    }
  }

  private Plan.Verdict judge(Step step) throws StageException {
    try {
      return plan.judge(step);
    } catch (IOException | RuntimeException e) {
      throw new StageException(step, e);
    }
  }

  private boolean takenOver(Step step, Plan.Verdict verdict) throws StageException {
    try {
      for (RunFolder other : others) {
        StageFolder stage = folder.stage(step.folder());
        if (stage.takeOver(other.stage(step.folder()), verdict.recipe(), plan.code())) {
          LOG.info("{}: taken over from {}", step, other.path());
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new StageException(step, e);
    }
  }

  private double run(Step step, Plan.Verdict verdict) throws StageException {
    StageFolder stage = folder.stage(step.folder());
    Instant start = Instant.now();
    long startNanos = System.nanoTime();
    long startCpu = cpuNanos();
    BufferAllocator allocator = new RootAllocator();
    try {
      Manifest before = readable(stage);
      StageWriter writer = stage.writer(verdict.recipe(), plan.code().hash());
      step.stage()
          .run(new RunStageContext(config, step, plan.steps(), folder, writer, allocator, models));
      double wallS = (System.nanoTime() - startNanos) / 1e9;
      Map<String, Object> provenance = provenance(step, verdict);
      provenance.put("started", start.toString());
      provenance.put("wall_s", wallS);
      provenance.put("cpu_s", (cpuNanos() - startCpu) / 1e9);
      Manifest now = writer.commit(step.fileNames(), provenance);
      warnIfNotReproduced(step, before, now);
      LOG.info("{}: done in {} s", step, "%.1f".formatted(wallS));
      return wallS;
    } catch (IOException | RuntimeException e) {
      throw new StageException(step, e);
    } finally {
      close(step, allocator);
    }
  }

  private static @Nullable Manifest readable(StageFolder stage) {
    try {
      return stage.manifest();
    } catch (IOException e) {
      return null;
    }
  }

  /** A stage that leaks has a bug, but what it wrote is right. */
  private static void close(Step step, BufferAllocator allocator) {
    long bytes = allocator.getAllocatedMemory();
    if (bytes > 0) {
      LOG.warn("{}: {} bytes of off-heap memory were not released", step, bytes);
    } else {
      allocator.close();
    }
  }

  private static void warnIfNotReproduced(Step step, @Nullable Manifest before, Manifest now) {
    if (before == null || !before.key().equals(now.key())) {
      return;
    }
    Map<String, FileHash> changed = new TreeMap<>(now.artefacts());
    changed.entrySet().removeAll(before.artefacts().entrySet());
    changed.remove(Artefact.REPORT_PAGE.fileName()); // it says when it was made
    if (!changed.isEmpty()) {
      LOG.warn("{}: same inputs and settings, other content: {}", step, changed.keySet());
    }
  }

  private Map<String, Object> provenance(Step step, Plan.Verdict verdict) throws IOException {
    Map<String, Object> provenance = new LinkedHashMap<>();
    Recipe recipe = verdict.recipe();
    provenance.put("stage", recipe.stage());
    provenance.put("key", recipe.key(plan.code().hash()));
    provenance.put("inputs", recipe.inputs());
    provenance.put("inputs_of_other_versions", inputsOfOtherVersions(recipe));
    provenance.put("sources", recipe.sources());
    provenance.put("settings", ConfigWriter.plain(step.stage().settings(config)));
    provenance.put("seed", recipe.seed());
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("onemall", Version.current());
    versions.put("code", plan.code().hash());
    versions.put("java", Runtime.version().toString());
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    versions.putAll(models.versions());
    provenance.put("versions", versions);
    provenance.put("machine", ConfigWriter.plain(Machine.here()));
    provenance.put("threads", config.threads());
    return provenance;
  }

  /** The version of the code that made it, for each input's stage that was kept. */
  private Map<String, String> inputsOfOtherVersions(Recipe recipe) throws IOException {
    Map<String, String> others = new TreeMap<>();
    for (StageInput input : recipe.inputs()) {
      Manifest manifest = folder.stage(input.folder()).manifest();
      if (manifest != null && !manifest.version().equals(plan.code().hash())) {
        others.put(input.folder(), manifest.version());
      }
    }
    return others;
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
