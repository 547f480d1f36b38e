package org.onemall.orchestrator.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.onemall.bridge.PythonModels;
import org.onemall.orchestrator.pipeline.DataSize;
import org.onemall.orchestrator.pipeline.LazyModels;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.RunDraft;
import org.onemall.orchestrator.reproduce.Experiments;
import org.onemall.orchestrator.reproduce.Reproduction;
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
    name = "reproduce",
    description =
        "Runs a table of the paper on a config's data, for several seeds, and says which of its claims"
            + " hold. What its runs share is computed once; a killed one goes on where it stopped.")
public final class ReproduceVerb implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "table5 or moving_sids.")
  private String name = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file of the run (default: ${DEFAULT-VALUE}).")
  private Path config = Main.shipped("mall.yaml");

  @Option(
      names = "--seeds",
      paramLabel = "1,2,3",
      description =
          "Seeds of what is learned from the same data; at least three (default: ${DEFAULT-VALUE}).")
  private String seeds = "1,2,3";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the runs and the table (default: runs/reproduce-<NAME>).")
  private @Nullable Path out;

  @Option(
      names = "--set",
      paramLabel = "a.b=c",
      description = "Another value for a key of the config, for all runs; may be given many times.")
  private List<String> overrides = new ArrayList<>();

  @Mixin private final KeepArtefacts artefacts = new KeepArtefacts();

  @Option(
      names = "--dry-run",
      description = "Only say which runs there are, what is left to do, and how long it takes.")
  private boolean dryRun;

  @Override
  public Integer call() throws Exception {
    if (!Experiments.NAMES.contains(name)) {
      throw new ParameterException(
          spec.commandLine(),
          "there is nothing to reproduce named '%s'; there are %s"
              .formatted(name, Experiments.NAMES));
    }
    List<Long> cellSeeds = checked(() -> Reproduction.seeds(seeds));
    RunDraft draft = RunDraft.read(config, overrides);
    RunConfig before = draft.resolve(ShopSize.UNKNOWN).config();
    if (!dryRun) {
      RunVerb.makeMall(before);
    }
    checked(() -> Experiments.of(name, before));
    Path folder = out == null ? Path.of("runs", "reproduce-" + name) : out;
    List<RunFolder> finished = List.of(new RunFolder(Path.of("runs", before.name())));
    PrintWriter results = spec.commandLine().getOut();
    try (Interruption _ = new Interruption();
        LazyModels models =
            new LazyModels(
                () -> PythonModels.start(Main.venv(), before.device(), before.threads()))) {
      DataSize size =
          new DataSize(
              draft, StandardPipeline.create(), folders(folder, finished), artefacts.code());
      ShopSize shop = dryRun ? size.known().orElse(ShopSize.UNKNOWN) : size.measured(models);
      RunConfig sized = cell(List.of(), shop);
      Reproduction reproduction =
          new Reproduction(
              checked(() -> Experiments.of(name, sized)),
              more -> cell(more, shop),
              cellSeeds,
              StandardPipeline.create(),
              folder,
              finished,
              artefacts.code());
      if (dryRun) {
        reproduction.describe().forEach(results::println);
      } else {
        DataSize.log(draft.resolve(shop).chosen());
        results.print(reproduction.run(models));
      }
    }
    results.flush();
    return 0;
  }

  private static List<RunFolder> folders(Path folder, List<RunFolder> finished) {
    List<RunFolder> folders = new ArrayList<>(finished);
    folders.addFirst(new RunFolder(folder.resolve(Reproduction.BASE)));
    return folders;
  }

  private RunConfig cell(List<String> more, ShopSize shop) {
    List<String> all = new ArrayList<>(overrides);
    all.addAll(more);
    return RunDraft.read(config, all).resolve(shop).config();
  }

  private <T> T checked(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
