package org.onemall.orchestrator.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.bridge.PythonModels;
import org.onemall.config.ConfigReader;
import org.onemall.config.ConfigWriter;
import org.onemall.orchestrator.pipeline.RunDraft;
import org.onemall.run.Artefact;
import org.onemall.run.JsonFile;
import org.onemall.run.Progress;
import org.onemall.tokenizer.ShelfConfig;
import org.onemall.tokenizer.ShelfFigures;
import org.onemall.tokenizer.ShelfSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "pictures",
    description =
        "Tunes the item tokenizer on photos of real products on shelves, and counts how often it"
            + " knows products that it wasn't tuned on: by text, by picture, by both.")
public final class PicturesVerb implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "CONFIG",
      description = "YAML file of the experiment (default: ${DEFAULT-VALUE}).")
  private Path config = Main.shipped("pictures.yaml");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with meta.json and pictures, in place of the config's.")
  private @Nullable Path data;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the figures go as JSON (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("runs", "pictures", "pictures.json");

  @Option(
      names = "--set",
      paramLabel = "a.b=c",
      description = "Another value for a key of the config; may be given many times.")
  private List<String> overrides = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    List<String> all = new ArrayList<>(overrides);
    if (data != null) {
      all.add("data=" + data);
    }
    ShelfConfig settings =
        ConfigReader.draft(config, RunDraft.defaults(), all, ShelfConfig.class)
            .bind(ShelfConfig.class);
    Path scratch = Files.createTempDirectory("onemall-pictures");
    try (RootAllocator allocator = new RootAllocator()) {
      ShelfSearch search = new ShelfSearch(settings, scratch, allocator);
      List<ShelfFigures> figures;
      try (PythonModels models =
              PythonModels.start(Main.venv(), settings.device(), settings.threads());
          Progress progress = Progress.start("pictures: steps", search.steps())) {
        figures = search.run(models, threads(settings), (step, each) -> progress.step(1));
      }
      write(settings, figures);
      print(figures);
    } finally {
      for (Artefact table : List.of(Artefact.ITEMS, Artefact.ITEM_PAIRS)) {
        Files.deleteIfExists(scratch.resolve(table.fileName()));
      }
      Files.delete(scratch);
    }
    return 0;
  }

  private static int threads(ShelfConfig settings) {
    return settings.threads() == 0
        ? Runtime.getRuntime().availableProcessors()
        : settings.threads();
  }

  private void write(ShelfConfig settings, List<ShelfFigures> figures) throws IOException {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("config", ConfigWriter.plain(settings));
    report.put("rows", figures);
    Path file = out.toAbsolutePath();
    Files.createDirectories(file.getParent());
    Files.writeString(file, JsonFile.text(report));
  }

  private void print(List<ShelfFigures> figures) {
    PrintWriter results = spec.commandLine().getOut();
    results.printf(
        "| %-40s | %-6s | %-8s | share of photos | by seed |%n", "reads", "tuned", "among");
    results.println("|---|---|---|---|---|");
    for (ShelfFigures each : figures) {
      results.printf(
          "| %-40s | %-6s | %-8s | %.3f [%.3f, %.3f] | %s |%n",
          each.reads(),
          each.tuned() ? "after" : "before",
          each.among(),
          each.share().value(),
          each.share().low(),
          each.share().high(),
          String.join(" ", each.bySeed().stream().map("%.3f"::formatted).toList()));
    }
    results.flush();
  }
}
