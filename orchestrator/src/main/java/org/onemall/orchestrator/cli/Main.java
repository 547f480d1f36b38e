package org.onemall.orchestrator.cli;

import ch.qos.logback.classic.Level;
import java.nio.file.Path;
import org.onemall.config.ConfigException;
import org.onemall.model.ModelException;
import org.onemall.orchestrator.pipeline.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line. Results go to stdout, messages to stderr; 0 = done, 1 = failed, 2 = wrong use,
 * 130 = interrupted.
 */
@Command(
    name = "onemall",
    description = "Generative retrieval for e-commerce.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Main.VersionLine.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:wrong use",
      "130:interrupted; run and reproduce go on where they stopped"
    },
    subcommands = {
      RunVerb.class,
      ReproduceVerb.class,
      MallVerb.class,
      PicturesVerb.class,
      SidsVerb.class,
      StagesVerb.class,
      CheckVerb.class,
      DoctorVerb.class,
      LauncherVerbs.FormatVerb.class,
      LauncherVerbs.TestVerb.class,
      CompletionVerb.class
    })
public final class Main implements Runnable {
  static final int FAILED = 1;
  static final int WRONG_USE = 2;
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private boolean verbose;

  private Main() {}

  @Option(
      names = "--verbose",
      description = "Say more, and show where in the code an error came from.",
      scope = ScopeType.INHERIT)
  void setVerbose(boolean verbose) {
    this.verbose = verbose;
    if (verbose
        && LoggerFactory.getLogger("org.onemall") instanceof ch.qos.logback.classic.Logger log) {
      log.setLevel(Level.DEBUG);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command");
  }

  static final class VersionLine implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"onemall %s (code %s)".formatted(Version.current(), Version.ofCode())};
    }
  }

  /** The virtual environment that the launcher makes. */
  static Path venv() {
    return root().resolve(".venv");
  }

  /** A config that ships, from wherever the command is called. */
  static Path shipped(String config) {
    return root().resolve("configs").resolve(config);
  }

  private static Path root() {
    return Path.of(System.getProperty("onemall.root", ""));
  }

  private int complain(Exception e) {
    if (Interruption.isStopping()) {
      return FAILED;
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ModelException model) {
        LOG.error("{}", model.traceback());
      }
    }
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    if (verbose) {
      LOG.error("{}", message, e);
    } else {
      LOG.error("{}", message);
    }
    return e instanceof ConfigException ? WRONG_USE : FAILED;
  }

  /** The command line, ready to execute. */
  static CommandLine commandLine() {
    Main main = new Main();
    return new CommandLine(main)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, command, parsed) -> main.complain(e));
  }

  /** Errors such as a full heap must end the process too, and not only this thread. */
  private static int executeOrFail(CommandLine command, String[] args) {
    try {
      return command.execute(args);
    } catch (Error e) {
      LOG.error("{}", e.toString(), e);
      return FAILED;
    }
  }

  /** Runs one command and ends the process. */
  public static void main(String[] args) {
    Stderr.restore();
    System.exit(executeOrFail(commandLine(), args));
  }
}
