package org.onemall.orchestrator.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.onemall.config.ConfigException;
import org.onemall.config.ConfigWriter;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.RunDraft;
import org.onemall.orchestrator.pipeline.Step;
import org.onemall.shop.ShopSize;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * A key that changes nothing is a lie: for each key of the defaults, another value gives another
 * recipe to at least one stage, and with it another artefact.
 */
class EveryKeySwitchesTest {
  /** Every optional part is on. */
  private static final String EVERYTHING =
      """
      name: everything
      scenarios: [product_card, short_video, live_streaming]
      mall: {}
      ingest: {folder: world}
      item2item: {co_clicks: {}, watching: {}}
      tokenizer: {align: {}, held_out: {}, encoder: {vision: {shortcut: 0.3}}}
      represent: {video: {}, live: {}}
      report: {}
      """;

  private static final String LOG =
      """
      name: everything
      ingest:
        paths: [orders.csv]
        columns: {user: u, item: i, time: t}
      """;

  /** They say where and as what a run happens, or make its source files; never what comes out. */
  private static final Set<String> AROUND =
      Set.of("name", "device", "threads", "mall", "report", "scenarios");

  /** Other values of what is no number, switch or choice. */
  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry("ingest.folder", "elsewhere"),
          Map.entry("ingest.paths", "[more.csv]"),
          Map.entry("ingest.sequences", "{path: s.txt.gz}"),
          Map.entry("ingest.columns", "{user: u, item: i, time: other}"),
          Map.entry("ingest.time_format", "%Y"),
          Map.entry("ingest.exclude_items", "[POST]"),
          Map.entry("ingest.behaviors", "{bought: buy}"),
          Map.entry("ingest.memory_limit", "2GB"),
          Map.entry("item2item.swing.behaviors", "{cart: 2}"),
          Map.entry("item2item.watching.clicked", "[short_video]"),
          Map.entry("item2item.watching.excluded_categories", "[]"),
          Map.entry("tokenizer.encoder.backbone", "tiny_bert"),
          Map.entry("tokenizer.encoder.vision.backbone", "'swin:{}'"),
          Map.entry("tokenizer.encoder.vision.tokens", "4"),
          Map.entry("tokenizer.pictures", "elsewhere"),
          Map.entry("codebook.sizes", "[8, 8]"),
          Map.entry("codebook.scenarios", "{short_video: {sizes: [4, 4], bits: 2}}"),
          Map.entry("semanticid.scorecard.cutoffs", "[3]"),
          Map.entry("semanticid.scorecard.mixtures", "[[1, 3]]"),
          Map.entry("sample.behaviors", "[buy, cart]"),
          Map.entry("sample.history_lengths", "{buy: 3}"),
          Map.entry("evaluate.goals", "{HR@50: 0.1}"));

  /** What a key needs beside it. */
  private static final Map<String, List<String>> TOGETHER =
      Map.of(
          "tokenizer.encoder.lora.",
          List.of("tokenizer.encoder.trainable_layers=null", "tokenizer.encoder.lora={}"),
          "ingest.behaviors",
          List.of("ingest.columns.behavior=b"),
          "ingest.sequences",
          List.of("ingest.paths=null", "ingest.columns=null", "split.by=leave_one_out"));

  /** Keys whose other values are of another source, which the first reading has not. */
  private static final Set<String> OTHER_SOURCE = Set.of("ingest.behaviors", "ingest.sequences");

  @TempDir Path folder;

  static Stream<String> keys() {
    List<String> keys = new ArrayList<>();
    collect(new Yaml().compose(new StringReader(RunDraft.defaults().yaml())), "", keys);
    return keys.stream().filter(key -> !AROUND.contains(key.split("[.]")[0]));
  }

  private static void collect(Node node, String path, List<String> keys) {
    if (!(node instanceof MappingNode mapping)) {
      keys.add(path);
      return;
    }
    for (NodeTuple entry : mapping.getValue()) {
      String key = ((ScalarNode) entry.getKeyNode()).getValue();
      collect(entry.getValueNode(), path.isEmpty() ? key : path + "." + key, keys);
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void anotherValueGivesAnotherArtefact(String key) throws IOException {
    boolean log = key.startsWith("ingest.") && !key.equals("ingest.folder");
    Path file = Files.writeString(folder.resolve("c.yaml"), log ? LOG : EVERYTHING);
    List<String> before =
        TOGETHER.entrySet().stream()
            .filter(entry -> key.startsWith(entry.getKey()))
            .flatMap(entry -> entry.getValue().stream())
            .toList();
    Set<String> recipes = recipes(read(file, OTHER_SOURCE.contains(key) ? List.of() : before));
    boolean anotherIsFine = false;
    for (String value : others(key)) {
      List<String> overrides = new ArrayList<>(before);
      overrides.add(key + "=" + value);
      try {
        Set<String> changed = recipes(read(file, overrides));
        anotherIsFine = true;
        if (!changed.equals(recipes)) {
          return;
        }
      } catch (ConfigException e) {
        // Not a value of this key.
      }
    }
    assertThat(anotherIsFine).as("a value of %s among %s", key, others(key)).isTrue();
    assertThat(recipes).as("%s changes nothing", key).isEmpty();
  }

  private static RunConfig read(Path file, List<String> overrides) {
    return RunDraft.read(file, overrides).resolve(ShopSize.UNKNOWN).config();
  }

  /** What the stages are made from, but the report, which shows the whole config. */
  private static Set<String> recipes(RunConfig config) {
    return Set.copyOf(
        StandardPipeline.create().steps(config.scenarios()).stream()
            .filter(step -> !step.stage().name().equals("report"))
            .map(step -> recipe(step, config))
            .toList());
  }

  private static String recipe(Step step, RunConfig config) {
    return "%s %d %s"
        .formatted(
            step.name(), step.seed(config), ConfigWriter.json(step.stage().settings(config)));
  }

  /** Values to try: one of them differs from what the key has. */
  private static List<String> others(String key) {
    String known = OTHERS.get(key);
    if (known != null) {
      return List.of(known);
    }
    Class<?> type = type(key);
    if (type == boolean.class || type == Boolean.class) {
      return List.of("true", "false");
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
          .toList();
    }
    if (type == List.class || type == Map.class) {
      return List.of("[1, 3]", "[0.5, 0.75]", "[nats]", "{live_streaming: 3}", "{buy: 3}");
    }
    return List.of("2", "0.5", "3", "1", "8", "400");
  }

  private static Class<?> type(String key) {
    Class<?> type = RunConfig.class;
    for (String name : key.split("[.]")) {
      type =
          Arrays.stream(type.getRecordComponents())
              .filter(component -> snakeCase(component).equals(name))
              .findFirst()
              .orElseThrow()
              .getType();
    }
    return type;
  }

  private static String snakeCase(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
