package org.onemall.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * configs/mall_tiny.yaml: a simulated mall from its generation to the report of three scenarios,
 * with the real networks and pictures. A run that was killed while the tokenizer was tuned ends
 * with the same hashes.
 */
class MallStoryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SCENARIOS =
      List.of("product_card", "short_video", "live_streaming");

  @TempDir Path folder;

  @Test
  void aMallFromItsGenerationToItsReport() throws Exception {
    Path whole = folder.resolve("whole");
    assertThat(run(whole).waitFor()).isZero();
    JsonNode report = JSON.readTree(Runs.artefact(whole, "report.json").toFile());
    for (String scenario : SCENARIOS) {
      JsonNode found = report.get("scenarios").get(scenario);
      assertThat(found.get("counts").get("requests").asInt()).as(scenario).isPositive();
      assertThat(hitRate(found, "onemall"))
          .as("%s: HR@10 against popularity", scenario)
          .isGreaterThan(hitRate(found, "popularity"));
    }
    assertThat(Files.readString(Runs.artefact(whole, "report.html")))
        .contains("simulated", "data:image/jpeg;base64")
        .doesNotContain("src=\"http");

    Path killed = folder.resolve("killed");
    kill(killed);
    assertThat(run(killed, "--to", "semanticid").waitFor()).isZero();
    SortedMap<String, String> expected = Runs.hashes(whole);
    SortedMap<String, String> found = Runs.hashes(killed);
    expected.keySet().retainAll(found.keySet());
    assertThat(found).containsKey("08-semanticid.live_streaming/semantic_ids.arrow");
    assertThat(found).isEqualTo(expected);
  }

  private static double hitRate(JsonNode scenario, String model) {
    return scenario.get("models").get(model).get("HR@10").get("value").asDouble();
  }

  private void kill(Path run) throws IOException, InterruptedException {
    Process process = run(run, "--to", "semanticid");
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!Files.exists(run.resolve("03-item2item").resolve("manifest.json"))
        && process.isAlive()
        && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    assertThat(process.isAlive()).as("runs while it is to be killed").isTrue();
    process.destroyForcibly().waitFor();
    assertThat(run.resolve("05-embed").resolve("manifest.json")).doesNotExist();
  }

  private Process run(Path out, String... more) throws IOException {
    Path world = folder.resolve("world");
    List<String> words = new ArrayList<>(List.of("run", "configs/mall_tiny.yaml"));
    words.addAll(List.of("--out", out.toString()));
    words.addAll(List.of("--set", "mall.folder=" + world));
    words.addAll(List.of("--set", "ingest.folder=" + world));
    words.addAll(List.of("--set", "report.truth=" + world.resolve("truth")));
    words.addAll(List.of(more));
    return Jvm.onemall(words.toArray(String[]::new)).start();
  }
}
