package org.onemall.orchestrator.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.stages.StandardPipeline;
import org.onemall.run.Artefact;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "stages", description = "Lists the stages with what they read and write.")
public final class StagesVerb implements Runnable {
  private static final String ROW = "| %s | %s | %s | %s |%n";

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--tables",
      description = "Every column of every table instead, as arrow-schemas/README.md has them.")
  private boolean tables;

  @Override
  public void run() {
    PrintWriter results = spec.commandLine().getOut();
    if (tables) {
      results.print(TablesText.markdown());
      results.flush();
      return;
    }
    results.printf(ROW, "stage", "per scenario", "reads", "writes");
    results.printf(ROW, "---", "---", "---", "---");
    for (Stage stage : StandardPipeline.create().stages()) {
      results.printf(
          ROW,
          stage.name(),
          stage.perScenario() ? "yes" : "",
          names(stage.reads()),
          names(stage.writes()));
    }
    results.flush();
  }

  private static String names(List<Artefact> artefacts) {
    return artefacts.stream().map(Artefact::fileName).collect(Collectors.joining(", "));
  }
}
