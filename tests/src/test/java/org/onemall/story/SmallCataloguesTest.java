package org.onemall.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.bridge.PythonModels;
import org.onemall.model.Device;
import org.onemall.model.Models;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.RunDraft;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.orchestrator.stages.StandardPipeline;
import org.onemall.run.Artefact;
import org.onemall.run.Progress;
import org.onemall.semanticid.SemanticIds;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;
import org.onemall.shop.Scenario;
import org.onemall.shop.ShopSize;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.table.VectorTable;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * Three products, videos and rooms, through the stages that give them Semantic IDs, with the real
 * networks: fewer items than codes everywhere, an item without anything, a room that moves.
 */
class SmallCataloguesTest {
  private static final List<String> STAGES = List.of("represent", "codebook", "semanticid");
  private static final long HOUR = 3_600_000;
  private static final int ITEMS = 11;

  @TempDir Path folder;

  private final ObjectMapper json = new ObjectMapper();

  private Path shared(String name) {
    return folder.resolve(name);
  }

  private Path own(Scenario scenario, String name) {
    return folder.resolve(scenario.key() + "-" + name);
  }

  /** Items 0 to 2: products; 3 to 6: videos, the last two sell nothing; 7 to 10: rooms. */
  private void tables(BufferAllocator allocator) throws IOException {
    try (OutputStream out = Files.newOutputStream(shared("items.arrow"));
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      for (int item = 0; item < ITEMS; item++) {
        Scenario scenario =
            item < 3
                ? Scenario.PRODUCT_CARD
                : item < 7 ? Scenario.SHORT_VIDEO : Scenario.LIVE_STREAMING;
        writer.setInt(0, item).setString(1, "i" + item).setString(2, scenario.key());
        writer.setString(3, item == 1 ? "" : "title " + item).setNull(4).setFloat(5, 1).setNull(6);
        writer.setLong(7, item == 2 ? 90 * HOUR : 0); // product 2 comes after the split
        if (item >= 3 && item < 5) {
          writer.setInt(10, item - 3);
        }
        writer.endRow();
      }
    }
    int[][] states = {
      // room, hour, products
      {7, 10, 0, 1},
      {7, 11, 1, 0},
      {7, 12},
      {7, 90, 2},
      {8, 10, 1},
      {8, 95, 2, 0},
      {9, 5, 2},
      {9, 6}
    };
    try (OutputStream out = Files.newOutputStream(shared("room_states.arrow"));
        TableWriter writer = new TableWriter(TableSchema.ROOM_STATES.schema(0), out, allocator)) {
      for (int[] state : states) {
        writer.setInt(0, state[0]).setLong(1, state[1] * HOUR);
        writer.setInts(2, IntStream.of(state).skip(2).toArray()).endRow();
      }
    }
    try (OutputStream out = Files.newOutputStream(shared("interactions.arrow"));
        TableWriter writer = new TableWriter(TableSchema.INTERACTIONS.schema(0), out, allocator)) {
      for (int user = 0; user < 4; user++) {
        for (int hour = 5; hour < 100; hour += 5) {
          int item = (user + hour) % ITEMS;
          writer.setInt(0, user * 100 + hour).setInt(1, user).setInt(2, item);
          writer.setLong(3, hour * HOUR).setInt(4, 0).setInt(5, 1 | Behavior.CLICK.bit());
          writer.setFloat(6, 0).setFloat(7, 0);
          if (item < 3) {
            writer.setInt(11, item);
          }
          writer.endRow();
        }
      }
    }
    try (OutputStream out = Files.newOutputStream(shared("periods.json"))) {
      new Periods(0, 80 * HOUR, 90 * HOUR, 99 * HOUR, List.of(80 * HOUR, 90 * HOUR)).write(out);
    }
    Random random = new Random(1);
    for (String name : List.of("item_embeddings.arrow", "tower_embeddings.arrow")) {
      try (OutputStream out = Files.newOutputStream(shared(name));
          Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, ITEMS, 6)) {
        for (int i = 6; i < vectors.size(); i++) { // item 0 has a vector of zeros
          vectors.setFloat(i, (float) random.nextGaussian());
        }
        VectorTable.write(vectors, out, allocator);
      }
    }
  }

  private static RunConfig config() {
    return RunDraft.read(
            Jvm.ROOT.resolve("tests/src/test/resources/story.yaml"),
            List.of(
                "scenarios=[product_card, short_video, live_streaming]",
                "represent.video={product: 1, video: 0.5}",
                "represent.live={behavior: click, width: 4, history: 3, products: 2, temperature: 0.1,"
                    + " dropout: 0.1, weight_decay: 0.01, item_learning_rate_share: 0.3,"
                    + " batch_examples: 16, steps: 5,"
                    + " schedule: {learning_rate: 0.01, warmup_steps: 0, final_share: 0.1}}",
                "semanticid.hysteresis=0.1",
                "semanticid.scorecard={behavior: click, pairs: 9, pair_minutes: 600, cutoffs: [1],"
                    + " mixtures: [[1, 1]]}"))
        .resolve(ShopSize.UNKNOWN)
        .config();
  }

  @Test
  void threeItemsOfAKindGetTheirSemanticIds() throws IOException {
    RunConfig config = config();
    try (BufferAllocator allocator = new RootAllocator();
        PythonModels models = PythonModels.start(Jvm.ROOT.resolve(".venv"), Device.CPU, 1)) {
      tables(allocator);
      for (Scenario scenario : Scenario.values()) {
        for (Stage stage : StandardPipeline.create().stages()) {
          if (STAGES.contains(stage.name())) {
            stage.run(new Context(config, scenario, allocator, models));
          }
        }
      }
      check(Scenario.PRODUCT_CARD, allocator, Set.of(0, 1, 2));
      check(Scenario.SHORT_VIDEO, allocator, Set.of(3, 4));
      check(Scenario.LIVE_STREAMING, allocator, Set.of(7, 8, 9));
    }
    assertThat(reasons(Scenario.SHORT_VIDEO).get("video_without_product").asInt()).isEqualTo(2);
    assertThat(reasons(Scenario.LIVE_STREAMING).get("room_never_on_air").asInt()).isEqualTo(1);
    JsonNode card = json.readTree(own(Scenario.PRODUCT_CARD, "scorecard.json").toFile());
    assertThat(card.get("more").get("wanted").toString()).isEqualTo("[8,8]");
    assertThat(card.get("sizes").get(0).asInt()).isEqualTo(2);
    assertThat(card.get("more").get("distances").get("later").get("rows").asInt()).isEqualTo(1);
    assertThat(card.get("more").get("variants").size()).isEqualTo(2);
    JsonNode live = json.readTree(own(Scenario.LIVE_STREAMING, "scorecard.json").toFile());
    assertThat(live.get("items").asInt()).as("on air at the busiest hour").isEqualTo(2);
    assertThat(live.get("more").get("churn").size()).isEqualTo(3);
    assertThat(own(Scenario.LIVE_STREAMING, "sid_tree.json")).content().contains("title 7");
  }

  private JsonNode reasons(Scenario scenario) throws IOException {
    return json.readTree(own(scenario, "represent.json").toFile()).get("reasons");
  }

  private void check(Scenario scenario, BufferAllocator allocator, Set<Integer> expected)
      throws IOException {
    SemanticIds ids = SemanticIds.read(own(scenario, "semantic_ids.arrow"), allocator);
    for (int item = 0; item < ITEMS; item++) {
      assertThat(ids.has(item))
          .as("%s, item %d", scenario, item)
          .isEqualTo(expected.contains(item));
    }
  }

  /** One folder for all artefacts: those of a scenario carry its name. */
  private final class Context implements StageContext {
    private final RunConfig config;
    private final Scenario scenario;
    private final BufferAllocator allocator;
    private final Models models;

    Context(RunConfig config, Scenario scenario, BufferAllocator allocator, Models models) {
      this.config = config;
      this.scenario = scenario;
      this.allocator = allocator;
      this.models = models;
    }

    @Override
    public RunConfig config() {
      return config;
    }

    @Override
    public Scenario scenario() {
      return scenario;
    }

    @Override
    public long seed() {
      return 1;
    }

    @Override
    public BufferAllocator allocator() {
      return allocator;
    }

    @Override
    public Models models() {
      return models;
    }

    @Override
    public List<Map<String, Object>> provenance() {
      return List.of();
    }

    @Override
    public Path file(Artefact artefact) {
      Path shared = shared(artefact.fileName());
      return Files.exists(shared) ? shared : own(scenario, artefact.fileName());
    }

    @Override
    public Path file(Scenario of, Artefact artefact) {
      return own(of, artefact.fileName());
    }

    @Override
    public OutputStream create(Artefact artefact) throws IOException {
      return Files.newOutputStream(own(scenario, artefact.fileName()));
    }

    @Override
    public void write(Artefact artefact, PathWriter writer) throws IOException {
      writer.write(own(scenario, artefact.fileName()));
    }

    @Override
    public Path checkpoints() {
      return folder.resolve("checkpoints");
    }

    @Override
    public void metric(Map<String, ?> values) {}

    @Override
    public Progress progress(String what, long total) {
      return Progress.start(what, total);
    }
  }
}
