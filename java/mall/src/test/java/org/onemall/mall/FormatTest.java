package org.onemall.mall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.mall.tables.WorldFolder;
import org.onemall.mall.world.WorldParameters;

/**
 * Pictures are drawn from a world's parameters, long after its tables were written: a version that
 * draws another world from them must not take the old one for its own.
 */
class FormatTest {
  @TempDir Path folder;

  @Test
  void anotherWorldFromTheSameParametersIsAnotherFormat() throws IOException {
    Mall.generate(new WorldParameters(60, 2, 200, 100, 60, 20, 1), folder, 1);
    WorldFolder.Manifest manifest = Objects.requireNonNull(WorldFolder.manifest(folder));
    Map<String, String> files = manifest.files();
    assertThat(manifest.format()).isEqualTo(1);
    assertThat(files)
        .as("if this changed on purpose: raise WorldFolder.FORMAT, and put the new hashes here")
        .containsEntry(
            "items.arrow", "c7d166aa44b9ae2308a5e3c8cd715ee4f92b7b77a7c997e8b0c1661b8d5e2e6a")
        .containsEntry(
            "interactions/day-001.arrow",
            "71f5ab67130597a995775730ef5181cdeceeb1186952945dd48d67c7ed0d35b3");
  }
}
