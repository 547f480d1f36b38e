package org.onemall.orchestrator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.stages.StandardPipeline;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

class MainTest {
  @TempDir Path folder;

  private final StringWriter results = new StringWriter();
  private final StringWriter usage = new StringWriter();

  private int execute(String... args) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(results, true)).setErr(new PrintWriter(usage, true));
    return command.execute(args);
  }

  private String log(Runnable work) {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger(Main.class);
    logger.addAppender(log);
    work.run();
    logger.detachAppender(log);
    return String.join("\n", log.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
  }

  private static Stream<String> verbs() {
    return Stream.concat(Stream.of(""), Main.commandLine().getSubcommands().keySet().stream());
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void helpEverywhere(String verb) {
    assertThat(verb.isEmpty() ? execute("--help") : execute(verb, "--help")).isZero();
    assertThat(results.toString()).contains("Usage: onemall", verb).containsPattern("2 +wrong use");
  }

  @Test
  void versionIsTheBuilds() {
    assertThat(execute("--version")).isZero();
    assertThat(results.toString()).matches("onemall [0-9]+\\.[0-9]+\\.[0-9]+ \\(code test\\)\\s*");
  }

  @Test
  void wrongUse() {
    assertThat(execute()).isEqualTo(2);
    assertThat(execute("rnu")).isEqualTo(2);
    assertThat(execute("run", "--nonsense")).isEqualTo(2);
    assertThat(execute("check")).isEqualTo(2);
    assertThat(usage.toString()).contains("expected a command", "rnu", "--nonsense", "RUN");
  }

  @Test
  void theShellCompletesEveryVerbAndItsOptions() throws Exception {
    assertThat(execute("completion", "powershell")).isEqualTo(2);
    assertThat(usage.toString()).contains("expected one of [BASH, ZSH]");
    assertThat(execute("completion", "bash")).isZero();
    String script =
        results
            + """
            compopt() { :; }
            complete_last() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _complete_onemall; echo "found ${COMPREPLY[*]}"; }
            complete_last ./onemall run --keep
            complete_last ./onemall test st
            complete -p onemall
            """;
    Process bash = new ProcessBuilder("bash").redirectErrorStream(true).start();
    try (Writer in = bash.outputWriter()) {
      in.write(script);
    }
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(answer)
        .contains(
            "found --keep-artefacts", "found story", "complete -o default -F _complete_onemall");
    for (String verb : Main.commandLine().getSubcommands().keySet()) {
      assertThat(script).contains("_picocli_onemall_" + verb);
    }
  }

  @Test
  void verbsOfTheLauncherAreKnownButNotDoneHere() {
    assertThat(execute("test", "java", "TrieTest")).isEqualTo(2);
    assertThat(execute("format")).isEqualTo(2);
    assertThat(usage.toString())
        .contains("call ./onemall test java TrieTest", "call ./onemall format");
  }

  @Test
  void reproduceSaysWhatItKnows() {
    assertThat(execute("reproduce")).isEqualTo(2);
    assertThat(execute("reproduce", "table6")).isEqualTo(2);
    assertThat(usage.toString())
        .contains("NAME", "nothing to reproduce named 'table6'; there are [table5, moving_sids]");
    String config = "../configs/online_retail.yaml";
    assertThat(execute("reproduce", "table5", "--config", config, "--seeds", "1,1,2")).isEqualTo(2);
    assertThat(execute("reproduce", "moving_sids", "--config", config)).isEqualTo(2);
    assertThat(usage.toString()).contains("at least 3 different seeds", "live_streaming");
  }

  @Test
  void aBadConfigSaysAllAndLeavesNothing() throws IOException {
    Path config = Files.writeString(folder.resolve("c.yaml"), "nmae: x\nseed: 010\n");
    Path out = folder.resolve("out");
    String log =
        log(() ->
            assertThat(execute("run", config.toString(), "--out", out.toString(), "--set", "x=1"))
                .isEqualTo(2));
    assertThat(log)
        .contains("c.yaml:1: nmae: unknown key; did you mean 'name'?")
        .contains("c.yaml:2: seed: expected a whole number")
        .contains("ingest: paths: missing; expected paths and columns")
        .contains("--set x=1: x: unknown key")
        .doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  @Test
  void shippedConfigsAreFoundFromAnywhere() {
    Path root = Path.of(System.getProperty("onemall.root", ""));
    assertThat(Main.shipped("online_retail.yaml"))
        .isEqualTo(root.resolve("configs/online_retail.yaml"))
        .isRegularFile();
    assertThat(execute("run", "--help")).isZero();
    // The help breaks its lines wherever the folder's name makes it.
    assertThat(results.toString().replaceAll("\\s", ""))
        .contains(root.toString().replaceAll("\\s", ""));
  }

  @Test
  void stagesAreThePipeline() {
    assertThat(execute("stages")).isZero();
    assertThat(results.toString().lines().skip(2).map(line -> line.split(" ")[1]))
        .containsExactlyElementsOf(
            StandardPipeline.create().stages().stream().map(Stage::name).toList());
  }

  @Test
  void thePageOfTheTablesIsMadeFromTheSchemas() throws IOException {
    assertThat(execute("stages", "--tables")).isZero();
    assertThat(Path.of("../arrow-schemas/README.md"))
        .as("./onemall stages --tables > arrow-schemas/README.md")
        .hasContent(results.toString());
  }

  @Test
  void checkOfWhatIsNoRunFails() {
    assertThat(log(() -> assertThat(execute("check", folder + "/none")).isEqualTo(1)))
        .contains("no such run folder");
    assertThat(execute("check", folder.toString())).isEqualTo(1);
    assertThat(results.toString()).contains("no stages of a run here");
  }
}
