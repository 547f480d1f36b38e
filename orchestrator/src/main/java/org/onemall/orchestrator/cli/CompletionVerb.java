package org.onemall.orchestrator.cli;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description =
        "Prints a script that makes the shell complete verbs and options: eval \"$$(./onemall"
            + " completion bash)\".")
public final class CompletionVerb implements Runnable {
  /** One script serves both. */
  private enum Shell {
    BASH,
    ZSH
  }

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell = Shell.BASH;

  @Override
  public void run() {
    PrintWriter results = spec.commandLine().getOut();
    results.println("# Completion of onemall for " + shell.name().toLowerCase(Locale.ROOT));
    results.println(AutoComplete.bash("onemall", spec.root().commandLine()));
    results.flush();
  }
}
