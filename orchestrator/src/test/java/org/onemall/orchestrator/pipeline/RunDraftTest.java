package org.onemall.orchestrator.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.config.ConfigWriter;
import org.onemall.shop.Scenario;
import org.onemall.shop.ShopSize;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

class RunDraftTest {
  /** Parts whose keys have no defaults. */
  private static final Set<String> ONLY_WHERE_NAMED = Set.of("ingest.columns", "ingest.sequences");

  private static final Path CONFIGS = Path.of("..", "configs").toAbsolutePath();

  /** As ingest counts it. */
  private static final ShopSize ONLINE_RETAIL =
      new ShopSize(Map.of(Scenario.PRODUCT_CARD, 3665), 4338, 387_842, 18_532, 14_031, 2505, 373.2);

  @TempDir Path folder;

  private RunConfig fourLines(ShopSize shop, String... more) throws IOException {
    String text =
        """
        name: my_shop
        ingest:
          paths: [orders.csv]
          columns: {user: customer, item: sku, time: at}
        """;
    Path file =
        Files.writeString(folder.resolve("four.yaml"), text + String.join("\n", more) + "\n");
    return RunDraft.read(file, List.of()).resolve(shop).config();
  }

  /** Keys of a config, parts and what is below them, with the line of each. */
  private static Map<String, Integer> keys(String yaml) {
    Map<String, Integer> keys = new LinkedHashMap<>();
    collect(new Yaml().compose(new StringReader(yaml)), "", keys);
    return keys;
  }

  private static void collect(Node node, String path, Map<String, Integer> keys) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        String key = path + ((ScalarNode) entry.getKeyNode()).getValue();
        keys.put(key, entry.getKeyNode().getStartMark().getLine());
        collect(entry.getValueNode(), key + ".", keys);
      }
    }
  }

  /** The same, as the records have them; maps of any keys count as one value. */
  private static void collect(Class<?> type, String path, Set<String> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = path + component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      keys.add(key);
      if (component.getType().isRecord() && !ONLY_WHERE_NAMED.contains(key)) {
        collect(component.getType(), key + ".", keys);
      }
    }
  }

  @Test
  void theDefaultsHaveJustTheKeysThatTheRecordsHave() {
    Set<String> known = new TreeSet<>();
    collect(RunConfig.class, "", known);
    assertThat(new TreeSet<>(keys(RunDraft.defaults().yaml()).keySet())).isEqualTo(known);
  }

  @Test
  void everyKeyIsExplained() {
    List<String> lines = RunDraft.defaults().yaml().lines().toList();
    Map<String, Integer> keys = keys(RunDraft.defaults().yaml());
    keys.forEach((key, line) -> {
      boolean part = keys.keySet().stream().anyMatch(other -> other.startsWith(key + "."));
      String text = lines.get(line);
      String explained = text.substring(text.lastIndexOf(" # ") + 1);
      assertThat(explained)
          .as("%s, line %d: # then %sone sentence", key, line + 1, part ? "" : "unit or range, ")
          .matches(part ? "# .{15,}[.]" : "# .{2,}[.] [A-Z].{10,}[.]");
    });
  }

  static Stream<String> shipped() throws IOException {
    try (Stream<Path> files = Files.list(CONFIGS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .filter(name -> !Set.of("defaults.yaml", "pictures.yaml").contains(name))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void aShippedConfigSaysWhatDiffersAndRunsAgainAsItWasPrinted(String name) throws IOException {
    assertThat(Files.readAllLines(CONFIGS.resolve(name)).size()).isBetween(10, 60);
    RunConfig config =
        RunDraft.read(CONFIGS.resolve(name), List.of()).resolve(ONLINE_RETAIL).config();
    Path printed =
        Files.writeString(folder.resolve("config.yaml"), ConfigWriter.wholeYaml(config, folder));
    assertThat(RunDraft.read(printed, List.of()).resolve(ShopSize.UNKNOWN).chosen()).isEmpty();
    assertThat(RunDraft.read(printed, List.of()).resolve(ShopSize.UNKNOWN).config())
        .isEqualTo(config);
  }

  @Test
  void goalsAreNeverInherited() throws IOException {
    assertThat(keys(RunDraft.defaults().yaml()).keySet())
        .noneMatch(key -> key.startsWith("evaluate.goals."));
    assertThat(fourLines(ONLINE_RETAIL).evaluate().goals()).isEmpty();
  }

  /** The rules are made so that they give what this shop was tuned to by hand. */
  @Test
  void autoIsWhatOnlineRetailWasTunedTo() throws IOException {
    RunConfig byHand =
        RunDraft.read(CONFIGS.resolve("online_retail.yaml"), List.of())
            .resolve(ONLINE_RETAIL)
            .config();
    RunConfig byRule = fourLines(ONLINE_RETAIL);
    assertThat(byRule.split()).isEqualTo(byHand.split());
    assertThat(byRule.twotower()).isEqualTo(byHand.twotower());
    assertThat(byRule.tokenizer()).isEqualTo(byHand.tokenizer());
    assertThat(byRule.codebook()).isEqualTo(byHand.codebook());
    assertThat(byRule.sample()).isEqualTo(byHand.sample());
    assertThat(byRule.pretrain()).isEqualTo(byHand.pretrain());
    assertThat(byRule.baseline()).isEqualTo(byHand.baseline());
    assertThat(byRule.order()).isEqualTo(byHand.order());
    assertThat(byRule.evaluate().hitCutoffs()).isEqualTo(byHand.evaluate().hitCutoffs());
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 30, 300, 3_000, 30_000, 300_000, 3_000_000})
  void fourLinesAreSensibleForAnyCatalogue(int items) throws IOException {
    for (long events : new long[] {10L * items, 1000L * items}) {
      long requests = Math.max(1, events / 3);
      ShopSize shop =
          new ShopSize(
              Map.of(Scenario.PRODUCT_CARD, items),
              Math.max(1, events / 20),
              events,
              requests,
              requests * 8 / 10,
              requests / 10,
              200);
      RunConfig config = fourLines(shop);
      double codes = Math.pow(2, config.codebook().fsq().bits());
      for (int size : config.codebook().sizes()) {
        assertThat(size)
            .as("a code has items to be fitted to")
            .isBetween(2, Math.max(2, items / 4));
        codes *= size;
      }
      assertThat(codes).as("SIDs for each item").isBetween(16.0 * items, 512.0 * items);
      assertThat(config.evaluate().hitCutoffs()).isNotEmpty();
      if (items > 10) {
        assertThat(config.evaluate().hitCutoffs()).allMatch(cutoff -> cutoff < items);
      }
      assertThat(config.order().beamSize()).isLessThanOrEqualTo(items);
      assertThat(config.pretrain().schedule().warmupSteps()).isLessThanOrEqualTo(100);
      assertThat(config.twotower().batchExamples()).isBetween(32, 512);
      assertThat(config.evaluate().testRequests() == null ? shop.testRequests() : 5000)
          .isLessThanOrEqualTo(5000);
    }
  }

  @Test
  void catalogesOfOtherSizesHaveCodesOfTheirOwn() throws IOException {
    ShopSize mall =
        new ShopSize(
            Map.of(
                Scenario.PRODUCT_CARD, 3000,
                Scenario.SHORT_VIDEO, 100_000,
                Scenario.LIVE_STREAMING, 300),
            3000,
            90_000,
            60_000,
            50_000,
            5000,
            12);
    RunConfig config = fourLines(mall);
    for (Scenario scenario : Scenario.values()) {
      assertThat(config.codebook().of(scenario).sizes().getFirst())
          .isEqualTo(
              switch (scenario) {
                case PRODUCT_CARD -> 64;
                case SHORT_VIDEO -> 256;
                case LIVE_STREAMING -> 32;
              });
    }
    assertThat(config.sample().ageUnit()).isNotNull();
    assertThat(config.order().tuneHits(Scenario.LIVE_STREAMING)).isEqualTo(10);
  }

  /** What a rule says of other settings holds for those that the config says itself. */
  @Test
  void whatAConfigSaysGoesIntoTheRules() throws IOException {
    RunConfig config =
        fourLines(
            ONLINE_RETAIL,
            "sample: {history_length: 10, target_behavior: click}",
            "twotower: {steps: 80}",
            "split: {validation_days: 10}");
    assertThat(config.sample().neighbourItems()).isEqualTo(10);
    assertThat(config.twotower().schedule().warmupSteps()).isEqualTo(10);
    assertThat(config.baseline().behavior()).isEqualTo(config.sample().targetBehavior());
    assertThat(config.sample().behaviors()).containsExactly(config.sample().targetBehavior());
    assertThat(config.split().snapshotDays()).isEqualTo(1);
    assertThatThrownBy(() -> fourLines(ONLINE_RETAIL, "sample: {history_length: many}"))
        .hasMessageContaining("four.yaml:5: sample.history_length: expected a whole number");
  }

  @Test
  void theSplitWaitsForTheLogsLength() throws IOException {
    assertThat(fourLines(ShopSize.UNKNOWN).split().testDays()).isNull();
    assertThat(fourLines(ONLINE_RETAIL).split().testDays()).isEqualTo(28);
  }
}
