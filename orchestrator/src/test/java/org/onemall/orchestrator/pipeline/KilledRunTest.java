package org.onemall.orchestrator.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.orchestrator.pipeline.Fakes.FakeStage;
import org.onemall.run.Artefact;
import org.onemall.run.DurableFile;
import org.onemall.run.RunFolder;
import org.onemall.run.Seeds;
import org.onemall.run.Sha256;
import org.onemall.shop.Scenario;

/** A JVM that is killed in the middle of a stage, and the same run again. */
@Timeout(120)
class KilledRunTest {
  private static final int STEPS = 60;
  private static final RunConfig CONFIG = Fakes.config(7, Scenario.PRODUCT_CARD);

  @TempDir Path folder;

  /** Draws numbers for a while, with a checkpoint at each step; {@code started} tells which ran. */
  private static Pipeline pipeline(int pauseMs, List<String> started) {
    FakeStage[] first = new FakeStage[1];
    first[0] =
        new FakeStage(
            "first",
            false,
            List.of(),
            List.of(Artefact.ITEMS),
            new AtomicInteger(),
            List.of(),
            context -> {
              started.add("first");
              Fakes.copy(first[0], context);
            });
    FakeStage train =
        new FakeStage(
            "train",
            false,
            List.of(Artefact.ITEMS),
            List.of(Artefact.RETRIEVER),
            new AtomicInteger(),
            List.of(),
            context -> {
              Path checkpoint = context.checkpoints().resolve("state");
              String[] state =
                  Files.exists(checkpoint)
                      ? Files.readString(checkpoint).split(" ")
                      : new String[] {"0", "0"};
              int from = Integer.parseInt(state[0]);
              long sum = Long.parseLong(state[1]);
              started.add("train from " + from);
              for (int step = from; step < STEPS; step++) {
                sum = sum * 31 + new Random(Seeds.of(context.seed(), "step " + step)).nextLong();
                String now = step + 1 + " " + sum;
                DurableFile.replace(checkpoint, file -> Files.writeString(file, now));
                pause(pauseMs);
              }
              long result = sum;
              context.write(
                  Artefact.RETRIEVER, file -> Files.writeString(file, Long.toString(result)));
            });
    return new Pipeline(List.of(first[0], train));
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> run(Path path, int pauseMs) throws Exception {
    List<String> started = new ArrayList<>();
    RunFolder run = new RunFolder(path);
    Plan plan = new Plan(CONFIG, run, pipeline(pauseMs, started), Fakes.CODE);
    try (LazyModels models = new LazyModels(() -> null)) {
      new Runner(CONFIG, run, plan, models).run(plan.steps().size(), plan.steps().size() - 1);
    }
    return started;
  }

  /** The child. */
  public static void main(String[] args) throws Exception {
    run(Path.of(args[0]), 50);
  }

  private Process child(Path run) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            KilledRunTest.class.getName(),
            run.toString())
        .redirectErrorStream(true)
        .redirectOutput(new File(folder.toFile(), "child.log"))
        .start();
  }

  @Test
  void theSameCommandAgainGivesTheSameArtefacts() throws Exception {
    Path whole = folder.resolve("whole");
    assertThat(run(whole, 0)).containsExactly("first", "train from 0");

    Path killed = folder.resolve("killed");
    Process child = child(killed);
    awaitCheckpoint(killed, child);
    assertThatThrownBy(() -> run(killed, 0))
        .hasMessageContaining("is in use by process " + child.pid());
    child.destroyForcibly().waitFor();

    List<String> resumed = run(killed, 0);
    assertThat(resumed)
        .hasSize(1)
        .doesNotContain("train from 0")
        .allMatch(s -> s.startsWith("train"));
    for (String artefact :
        List.of(
            "01-first/items.arrow", "02-train/retriever.safetensors", "02-train/manifest.json")) {
      assertThat(Sha256.of(killed.resolve(artefact))).isEqualTo(Sha256.of(whole.resolve(artefact)));
    }
    assertThat(killed.resolve("02-train/checkpoints")).doesNotExist();
    assertThat(run(killed, 0)).isEmpty();
  }

  private void awaitCheckpoint(Path run, Process child) throws IOException {
    Path checkpoints = run.resolve("02-train/checkpoints");
    while (true) {
      assertThat(child.isAlive())
          .withFailMessage(() -> "the child ended early: " + folder.resolve("child.log"))
          .isTrue();
      if (Files.isDirectory(checkpoints)) {
        try (var files = Files.walk(checkpoints)) {
          if (files.anyMatch(file -> file.endsWith("state"))) {
            return;
          }
        }
      }
      pause(20);
    }
  }
}
