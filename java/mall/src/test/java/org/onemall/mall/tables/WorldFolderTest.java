package org.onemall.mall.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.mall.Mall;
import org.onemall.mall.world.WorldParameters;
import org.onemall.run.Sha256;

class WorldFolderTest {
  private static final WorldParameters SMALL = new WorldParameters(700, 2, 300, 200, 100, 60, 1);

  @TempDir Path folder;

  private static Map<String, String> files(Path of) throws IOException {
    return Objects.requireNonNull(WorldFolder.manifest(of)).files();
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBytes() throws IOException {
    Mall.generate(SMALL, folder.resolve("1"), 1);
    for (int threads : new int[] {2, 3}) {
      Path other = folder.resolve("" + threads);
      Mall.generate(SMALL, other, threads);
      assertThat(files(other)).isEqualTo(files(folder.resolve("1")));
    }
    for (Map.Entry<String, String> file : files(folder.resolve("1")).entrySet()) {
      assertThat(Sha256.of(folder.resolve("1").resolve(file.getKey()))).isEqualTo(file.getValue());
    }
  }

  @Test
  void everyFileIsInTheManifest() throws IOException {
    Mall.generate(SMALL, folder, 2);
    try (Stream<Path> inside = Files.walk(folder)) {
      List<String> found =
          inside
              .filter(Files::isRegularFile)
              .map(file -> folder.relativize(file).toString())
              .filter(name -> !name.equals(WorldFolder.MANIFEST))
              .toList();
      assertThat(files(folder).keySet()).containsExactlyInAnyOrderElementsOf(found);
    }
    assertThat(Mall.in(folder)).isEqualTo(SMALL);
  }

  @Test
  void anotherSeedIsAnotherWorld() throws IOException {
    Mall.generate(SMALL, folder.resolve("1"), 2);
    Mall.generate(new WorldParameters(700, 2, 300, 200, 100, 60, 2), folder.resolve("2"), 2);
    Map<String, String> other = files(folder.resolve("2"));
    files(folder.resolve("1"))
        .forEach((name, hash) -> assertThat(other.get(name)).as(name).isNotEqualTo(hash));
  }

  @Test
  void whatIsNoMallIsRefusedAndLeftAlone() throws IOException {
    Path thesis = Files.writeString(folder.resolve("thesis.txt"), "years of work");
    assertThatThrownBy(() -> Mall.generate(SMALL, folder, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected an empty folder")
        .hasMessageContaining("thesis.txt");
    assertThat(Files.readString(thesis)).isEqualTo("years of work");
    assertThat(Files.exists(folder.resolve(WorldFolder.UNFINISHED))).isFalse();
  }

  @Test
  void anotherProgramsManifestIsNotTakenForAMall() throws IOException {
    Files.writeString(folder.resolve(WorldFolder.MANIFEST), "{\"shops\": 12}");
    assertThatThrownBy(() -> Mall.in(folder)).isInstanceOf(IOException.class);
  }

  /** Killed in the middle, there is no mall; made again, it is the same as if nothing had been. */
  @Test
  void aKilledGenerationIsNeverTakenForWhole() throws Exception {
    Path killed = folder.resolve("killed");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                EndlessMall.class.getName(),
                killed.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(killed.resolve("interactions/day-001.arrow"))) {
      assertThat(System.nanoTime())
          .as(Files.readString(folder.resolve("out")))
          .isLessThan(deadline);
      Thread.sleep(5);
    }
    process.destroyForcibly().waitFor();
    assertThat(Files.exists(killed.resolve(WorldFolder.MANIFEST))).isFalse();
    assertThat(Mall.in(killed)).isNull();
    Mall.generate(SMALL, killed, 2);
    Mall.generate(SMALL, folder.resolve("whole"), 1);
    assertThat(files(killed)).isEqualTo(files(folder.resolve("whole")));
    assertThat(Files.exists(killed.resolve(WorldFolder.UNFINISHED))).isFalse();
    try (Stream<Path> days = Files.list(killed.resolve("interactions"))) {
      assertThat(days.count()).isEqualTo(2);
    }
  }

  /** Has so many days that it will not be done before it is killed. */
  static final class EndlessMall {
    public static void main(String[] folder) throws IOException {
      Mall.generate(new WorldParameters(700, 200, 300, 200, 100, 60, 1), Path.of(folder[0]), 1);
    }
  }
}
