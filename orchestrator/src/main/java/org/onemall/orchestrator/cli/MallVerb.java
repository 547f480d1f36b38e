package org.onemall.orchestrator.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onemall.mall.Mall;
import org.onemall.mall.world.WorldParameters;
import org.onemall.mall.world.WorldParameters.Size;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "mall",
    description =
        "Generates a simulated mall with three scenarios whose truth is known, as a source folder:"
            + " tables to open with anything that reads Arrow, and a README.md that explains them.")
public final class MallVerb implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Size size = Size.SMALL;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Its folder.")
  @SuppressWarnings("NullAway.Init")
  private Path out;

  @Option(names = "--days", paramLabel = "N", description = "Days of the log.")
  private @Nullable Integer days;

  @Option(names = "--seed", paramLabel = "S", description = "Of all that is drawn (default: 1).")
  private @Nullable Long seed;

  @Option(names = "--threads", paramLabel = "N", description = "Threads (default: all).")
  private int threads;

  @Option(names = "--users", paramLabel = "N", description = "Users.")
  private @Nullable Integer users;

  @Option(names = "--products", paramLabel = "N", description = "Products on cards.")
  private @Nullable Integer products;

  @Option(names = "--ecom-videos", paramLabel = "N", description = "Videos that sell a product.")
  private @Nullable Integer ecomVideos;

  @Option(
      names = "--entertainment-videos",
      paramLabel = "N",
      description = "Videos that sell nothing.")
  private @Nullable Integer entertainmentVideos;

  @Option(names = "--authors", paramLabel = "N", description = "Authors of live rooms.")
  private @Nullable Integer authors;

  @Option(
      names = "--check",
      description =
          "Then compare the world with its truth: baselines, heuristics and oracles on the last two"
              + " days, propensities, realised against expected; also in truth/checks.json.")
  private boolean check;

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  private WorldParameters parameters() {
    WorldParameters preset = size.parameters();
    try {
      return new WorldParameters(
          or(users, preset.users()),
          or(days, preset.days()),
          or(products, preset.products()),
          or(ecomVideos, preset.ecomVideos()),
          or(entertainmentVideos, preset.entertainmentVideos()),
          or(authors, preset.authors()),
          or(seed, preset.seed()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Integer call() throws IOException {
    if (threads < 0) {
      throw new ParameterException(
          spec.commandLine(), "--threads: expected 0 (all) or more, found " + threads);
    }
    PrintWriter results = spec.commandLine().getOut();
    WorldParameters wanted = parameters();
    if (wanted.equals(Mall.in(out))) {
      results.println("is there already, from the same parameters");
    } else {
      Mall.generate(wanted, out, threads).lines().forEach(results::println);
    }
    if (check) {
      results.println();
      Mall.check(out).forEach(results::println);
    }
    results.println(out);
    return 0;
  }
}
