package org.onemall.orchestrator.cli;

import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verbs that the launcher does itself; here for help and for the shell's completion. */
final class LauncherVerbs {
  private LauncherVerbs() {}

  private static ParameterException refusal(CommandSpec spec, String arguments) {
    return new ParameterException(
        spec.commandLine(),
        "the launcher does this: call ./onemall %s %s".formatted(spec.name(), arguments).strip());
  }

  private static final class Layers implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("form", "java", "python", "story").iterator();
    }
  }

  @Command(
      name = "test",
      description = "Runs every check and every test, or one layer, or one test of it.")
  static final class TestVerb implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
        arity = "0..1",
        index = "0",
        paramLabel = "LAYER",
        completionCandidates = Layers.class,
        description = "form, java, python or story; all of them without it.")
    private String layer = "";

    @Parameters(
        arity = "0..1",
        index = "1",
        paramLabel = "NAME",
        description = "A Java test class, a Python test file, or part of Python tests' names.")
    private String name = "";

    @Override
    public void run() {
      throw refusal(spec, layer + " " + name);
    }
  }

  @Command(name = "format", description = "Brings Java and Python into the house's form.")
  static final class FormatVerb implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
      throw refusal(spec, "");
    }
  }
}
