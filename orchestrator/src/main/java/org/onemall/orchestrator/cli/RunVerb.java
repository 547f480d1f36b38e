package org.onemall.orchestrator.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onemall.bridge.PythonModels;
import org.onemall.config.ConfigDraft;
import org.onemall.mall.Mall;
import org.onemall.mall.MallConfig;
import org.onemall.orchestrator.pipeline.DataSize;
import org.onemall.orchestrator.pipeline.LazyModels;
import org.onemall.orchestrator.pipeline.Pipeline;
import org.onemall.orchestrator.pipeline.Plan;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.RunDraft;
import org.onemall.orchestrator.pipeline.Runner;
import org.onemall.orchestrator.pipeline.Step;
import org.onemall.orchestrator.stages.StandardPipeline;
import org.onemall.run.RunFolder;
import org.onemall.shop.ShopSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "run",
    description =
        "Brings a run up to date: from source files to the report. Stages whose inputs, settings and"
            + " seed didn't change are skipped; a killed run goes on where it stopped.")
public final class RunVerb implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "CONFIG",
      description = "YAML file of the run (default: ${DEFAULT-VALUE}).")
  private Path config = Main.shipped("online_retail.yaml");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the run (default: runs/<name>).")
  private @Nullable Path out;

  @Option(
      names = "--set",
      paramLabel = "a.b=c",
      description = "Another value for a key of the config; may be given many times.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "STAGE",
      description = "Run this stage and all later ones again, even where nothing changed.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "STAGE", description = "Stop after this stage.")
  private @Nullable String to;

  @Mixin private final KeepArtefacts artefacts = new KeepArtefacts();

  @Option(
      names = "--dry-run",
      description = "Only say which stages would run, why, and what can be said beforehand.")
  private boolean dryRun;

  @Override
  public Integer call() throws Exception {
    RunDraft draft = RunDraft.read(config, overrides);
    RunConfig before = draft.resolve(ShopSize.UNKNOWN).config();
    if (!dryRun) {
      makeMall(before);
    }
    RunFolder folder = new RunFolder(out == null ? Path.of("runs", before.name()) : out);
    Pipeline pipeline = StandardPipeline.create();
    DataSize size = new DataSize(draft, pipeline, List.of(folder), artefacts.code());
    Plan unsized = new Plan(before, folder, pipeline, artefacts.code());
    int last = unsized.steps().size() - 1;
    int first = index(unsized, from, false, last + 1);
    int end = index(unsized, to, true, last);
    PrintWriter results = spec.commandLine().getOut();
    if (from != null && first > end) {
      throw new ParameterException(
          spec.commandLine(), "--from " + from + " comes after --to " + to);
    }
    if (dryRun) {
      describe(draft.resolve(size.known().orElse(ShopSize.UNKNOWN)), folder, first, end);
      return 0;
    }
    try (Interruption _ = new Interruption();
        LazyModels models =
            new LazyModels(
                () -> PythonModels.start(Main.venv(), before.device(), before.threads()))) {
      ConfigDraft.Resolved<RunConfig> resolved = draft.resolve(size.measured(models));
      DataSize.log(resolved.chosen());
      RunConfig settings = resolved.config();
      Plan plan = new Plan(settings, folder, pipeline, artefacts.code());
      Map<Step, Double> seconds = new Runner(settings, folder, plan, models).run(first, end);
      ClosingLines closing = new ClosingLines(folder);
      List<String> lines =
          end == last
              ? closing.ofWhole(settings.scenarios(), seconds, end + 1)
              : closing.ofPart(seconds, end + 1);
      lines.forEach(results::println);
    }
    results.flush();
    return 0;
  }

  private void describe(
      ConfigDraft.Resolved<RunConfig> resolved, RunFolder folder, int first, int end)
      throws IOException {
    PrintWriter results = spec.commandLine().getOut();
    resolved.chosen().forEach((key, value) -> results.println(key + ": auto -> " + value));
    new Plan(resolved.config(), folder, StandardPipeline.create(), artefacts.code())
        .describe(first, end)
        .forEach(results::println);
  }

  /** Sources come before the plan, which hashes them. */
  static void makeMall(RunConfig settings) throws IOException {
    MallConfig mall = settings.mall();
    if (mall != null && !mall.world().equals(Mall.in(mall.folder()))) {
      Mall.generate(mall.world(), mall.folder(), settings.threads());
    }
  }

  private int index(Plan plan, @Nullable String stage, boolean last, int fallback) {
    try {
      return plan.index(stage, last, fallback);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
