package org.onemall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final List<String> NAMES = List.of("a.bin", "b.bin");

  @TempDir Path folder;

  private Manifest work(Disk disk, String key) throws IOException {
    StageWriter writer = new RunFolder(folder, disk).stage("01-a").writer(recipe(key), "v1");
    DurableFile.replace(disk, writer.checkpoints().resolve("step"), key);
    writer.metric(Map.of("loss", 1.5));
    byte[] bytes = new byte[200_000];
    new Random(key.hashCode()).nextBytes(bytes);
    try (OutputStream out = writer.create("a.bin")) {
      out.write(1);
      out.write(bytes, 0, 100);
      out.write(bytes);
    }
    writer.write("b.bin", file -> Files.writeString(file, "b of " + key));
    return writer.commit(NAMES, Map.of("wall_s", 1));
  }

  private static Recipe recipe(String settings, StageInput... inputs) {
    return new Recipe("a", settings, 1, List.of(inputs), List.of());
  }

  private StageFolder stage() {
    return new RunFolder(folder).stage("01-a");
  }

  @Test
  void aFailureAtAnyStepLeavesTheOldOrTheNewOrNothing() throws IOException {
    Manifest second = work(new Disk(), "second");
    Manifest first = work(new Disk(), "first");
    boolean finished = false;
    int step = 0;
    for (; !finished; step++) {
      try {
        work(new FailingDisk(step), "second");
        finished = true;
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("No space left on device");
      }
      Manifest left = stage().manifest();
      assertThat(left).as("after step %d", step).isIn(first, second, null);
      if (left != null) {
        assertThat(stage().damage(left)).as("after step %d", step).isEmpty();
      }
      assertThat(work(new Disk(), "second")).as("after step %d", step).isEqualTo(second);
      assertThat(work(new Disk(), "first")).isEqualTo(first);
    }
    assertThat(step).isGreaterThan(20);
  }

  @Test
  void messagesOfAFullDiskNameTheFileAndTheFreeSpace() throws IOException {
    work(new Disk(), "first");
    for (int step = 4; step < 20; step++) {
      FailingDisk disk = new FailingDisk(step);
      assertThatThrownBy(() -> work(disk, "second"))
          .hasMessageContainingAll("01-a", "can't be written", "MiB free", "run the same command");
    }
  }

  @Test
  void anyFlippedBitIsFound() throws IOException {
    Manifest manifest = work(new Disk(), "first");
    for (int seed = 0; seed < 60; seed++) {
      String name = NAMES.get(seed % 2);
      Path file = folder.resolve("01-a").resolve(name);
      byte[] whole = flip(file, new Random(seed));
      assertThat(stage().damage(manifest))
          .as("seed %d", seed)
          .singleElement()
          .asString()
          .startsWith(file + " is damaged: expected SHA-256");
      assertThatThrownBy(() -> stage().artefact(name)).hasMessageContaining(file.toString());
      Files.write(file, whole);
    }
    assertThat(stage().damage(manifest)).isEmpty();
    assertThat(stage().artefact("b.bin")).hasContent("b of first");
  }

  @Test
  void anyFlippedBitOfAManifestIsFound() throws IOException {
    work(new Disk(), "first");
    Path file = folder.resolve("01-a/manifest.json");
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < whole.length * 8; bit += 7) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      assertThatThrownBy(() -> stage().manifest())
          .as("bit %d", bit)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("manifest.json is damaged");
    }
  }

  @Test
  void cutAndMissingFilesAreNamed() throws IOException {
    Manifest manifest = work(new Disk(), "first");
    Path cut = folder.resolve("01-a/a.bin");
    Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(cut), 10));
    Files.delete(folder.resolve("01-a/b.bin"));
    assertThat(stage().damage(manifest))
        .containsExactly(
            cut + " is damaged: expected 200,101 bytes, found 10",
            folder.resolve("01-a/b.bin") + " is missing");
  }

  @Test
  void checkpointsOutliveAKillButNotAnotherKey() throws IOException {
    StageWriter killed = stage().writer(recipe("k1"), "v1");
    Files.writeString(killed.checkpoints().resolve("weights"), "half-way");
    killed.metric(Map.of("step", 1));
    Files.writeString(folder.resolve("01-a/a.bin.part"), "half");

    StageWriter again = stage().writer(recipe("k1"), "v1");
    assertThat(again.checkpoints().resolve("weights")).hasContent("half-way");
    assertThat(folder.resolve("01-a/metrics.jsonl")).hasContent("{\"step\":1}");
    assertThat(folder.resolve("01-a/a.bin.part")).doesNotExist();

    StageWriter other = stage().writer(recipe("k2"), "v1");
    assertThat(other.checkpoints()).isEmptyDirectory();
    assertThat(folder.resolve("01-a/metrics.jsonl")).doesNotExist();
    other.commit(List.of(), Map.of());
    assertThat(folder.resolve("01-a/checkpoints")).doesNotExist();
  }

  @Test
  void checkpointsOfOtherCodeAreNotGoneOnWith() throws IOException {
    Files.writeString(
        stage().writer(recipe("k"), "v1").checkpoints().resolve("weights"), "half-way");
    assertThat(stage().writer(recipe("k"), "v2").checkpoints()).isEmptyDirectory();
  }

  @Test
  void anotherVersionsArtefactsCountOnlyWhereTheyAreKept() throws IOException {
    Manifest manifest = work(new Disk(), "k");
    assertThat(new CodeVersion("v1", false).accepts(manifest, recipe("k"))).isTrue();
    assertThat(new CodeVersion("v2", false).accepts(manifest, recipe("k"))).isFalse();
    assertThat(new CodeVersion("v2", true).accepts(manifest, recipe("k"))).isTrue();
    assertThat(new CodeVersion("v2", true).accepts(manifest, recipe("other"))).isFalse();
    StageFolder other = new RunFolder(folder.resolve("other")).stage("01-a");
    assertThat(other.takeOver(stage(), recipe("k"), new CodeVersion("v2", false))).isFalse();
    assertThat(other.takeOver(stage(), recipe("k"), new CodeVersion("v2", true))).isTrue();
    assertThat(other.manifest()).isEqualTo(manifest);
  }

  @Test
  void aManifestOfAnotherFormatIsSaidToBeOne() throws IOException {
    work(new Disk(), "k");
    Path file = folder.resolve("01-a/manifest.json");
    Files.writeString(file, Files.readString(file).replace("\"format\":2", "\"format\":1"));
    assertThatThrownBy(() -> stage().manifest())
        .hasMessageContainingAll(file.toString(), "another version of onemall", "found 1");
  }

  @Test
  void aStageMustWriteWhatItPromised() throws IOException {
    StageWriter writer = stage().writer(recipe("k"), "v1");
    writer.write("other.bin", file -> Files.writeString(file, "x"));
    assertThatThrownBy(() -> writer.commit(NAMES, Map.of()))
        .hasMessageContainingAll("left out [a.bin, b.bin]", "wrote besides [other.bin]");
    assertThat(stage().manifest()).isNull();
  }

  @Test
  void checkFollowsReferences() throws IOException {
    work(new Disk(), "first");
    String sha256 = Sha256.of(folder.resolve("01-a/a.bin"));
    Recipe fed = recipe("k", new StageInput("01-a", "a.bin", sha256));
    new RunFolder(folder).stage("02-b").writer(fed, "v2").commit(List.of(), Map.of());
    assertThat(new RunFolder(folder).check()).isEmpty();
    assertThat(new RunFolder(folder).versions())
        .containsExactly(entry("v1", List.of("01-a")), entry("v2", List.of("02-b")));

    work(new Disk(), "second");
    Files.createDirectories(folder.resolve("03-c"));
    assertThat(new RunFolder(folder).check())
        .containsExactly(
            folder.resolve("03-c") + ": this stage didn't finish",
            folder.resolve("02-b") + " was made from another 01-a/a.bin than there is now");
    assertThatThrownBy(() -> new RunFolder(folder.resolve("none")).check())
        .hasMessageContaining("no such run folder");
  }

  @Test
  void theLockSaysWhoHoldsIt() throws IOException {
    RunFolder run = new RunFolder(folder.resolve("new"));
    try (RunLock lock = run.lock()) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(run::lock)
          .hasMessageContainingAll(
              "is in use by process " + ProcessHandle.current().pid(), "--out");
    }
    run.lock().close();
  }

  private static byte[] flip(Path file, Random random) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    Files.write(file, flipped);
    return whole;
  }
}
