package org.onemall.orchestrator.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.onemall.run.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "check",
    description =
        "Verifies every hash and reference of a run. Says what is damaged, missing, unfinished or made"
            + " from something else than what is there; exit code 1 if there is any.")
public final class CheckVerb implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Folder of the run.")
  private Path run = Path.of("");

  @Override
  public Integer call() throws IOException {
    PrintWriter results = spec.commandLine().getOut();
    RunFolder folder = new RunFolder(run);
    List<String> problems = folder.check();
    problems.forEach(results::println);
    Map<String, List<String>> versions = folder.versions();
    if (versions.size() > 1) {
      results.println(run + ": made by several versions of the code: " + versions);
    }
    results.println(
        problems.isEmpty()
            ? run + ": every artefact is whole and every reference holds"
            : "%s: %d problems; the run command that made it heals them"
                .formatted(run, problems.size()));
    results.flush();
    return problems.isEmpty() ? 0 : Main.FAILED;
  }
}
