package org.onemall.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.model.PictureSource;
import org.onemall.run.JsonFile;
import org.onemall.shop.Scenario;

/**
 * All figures of a run, put together from its artefacts. What a run has not made is left out, and
 * the page says so. Holds no paths, and no times but those of {@link #made}, which stand in an
 * element of the page of their own: the rest, and {@code report.json}, are the same bytes for the
 * same artefacts.
 */
public final class ReportData {
  private static final int GALLERY = 24;

  /** What of a stage's provenance the page tells: nothing with a path in it. */
  private static final String TOLD = "stage started wall_s cpu_s machine threads versions";

  /** What belongs to {@code report.html} alone: too much for {@code report.json}. */
  private final ObjectNode page = JsonNodeFactory.instance.objectNode();

  private final ObjectNode root = JsonNodeFactory.instance.objectNode();
  private final ObjectNode scenarios;

  private final ArrayNode made = JsonNodeFactory.instance.arrayNode();
  private final Shown shown = new Shown();

  /** What all scenarios share; null for what the run has not made. */
  public record Shared(
      @Nullable Path funnel,
      @Nullable Path periods,
      @Nullable Path tokenizer,
      @Nullable Path items,
      @Nullable Path users,
      @Nullable Path itemPairs,
      @Nullable Path neighbours) {}

  /** The artefacts of one scenario; null for what the run has not made. */
  public record Artefacts(
      @Nullable Path scorecard,
      @Nullable Path training,
      @Nullable Path evaluation,
      @Nullable Path semanticIds,
      @Nullable Path sidTree,
      @Nullable Path roomStates) {}

  /**
   * Starts with how the run was made.
   *
   * @param config the resolved config, as YAML
   * @param versions by part
   */
  public ReportData(String name, long seed, String config, SortedMap<String, String> versions) {
    ObjectNode run = root.putObject("run");
    run.put("name", name);
    run.put("seed", seed);
    run.put("config", config);
    run.set("versions", JsonFile.tree(versions));
    scenarios = root.putObject("scenarios");
  }

  /**
   * Says where the data come from.
   *
   * @param card the source's own description
   * @param simulated whether it was made by a simulator; the page says so wherever it shows figures
   */
  public void source(String card, boolean simulated) {
    root.put("simulated", simulated);
    page.put("card", card);
  }

  /**
   * Says how the run's stages were made.
   *
   * @param provenance of each stage; of it, the page tells {@value #TOLD}
   */
  public void made(List<Map<String, Object>> provenance) {
    for (Map<String, Object> stage : provenance) {
      ObjectNode node = made.addObject();
      for (String key : TOLD.split(" ")) {
        if (stage.containsKey(key)) {
          node.set(key, JsonFile.tree(stage.get(key)));
        }
      }
    }
  }

  /** Adds a scenario. */
  public void scenario(Scenario scenario, Artefacts artefacts, BufferAllocator allocator)
      throws IOException {
    ObjectNode node = scenarios.putObject(scenario.key());
    JsonNode evaluation = read(artefacts.evaluation);
    JsonNode samples = evaluation.path("samples");
    for (Map.Entry<String, JsonNode> field : evaluation.properties()) {
      if (!field.getKey().equals("samples")) {
        node.set(field.getKey(), field.getValue());
      }
    }
    if (artefacts.scorecard != null) {
      node.set("tokenizer", tokenizer(read(artefacts.scorecard)));
    }
    JsonNode training = flat(read(artefacts.training));
    if (artefacts.training != null) {
      node.set("training", summary(training));
    }
    ObjectNode more = page.putObject(scenario.key());
    more.set("samples", samples);
    more.set("training", training);
    shown.samples(samples);
    if (artefacts.sidTree != null) {
      more.set("gallery", gallery(read(artefacts.sidTree)));
    }
    if (artefacts.semanticIds != null) {
      boolean pictured = artefacts.sidTree == null;
      more.set("tree", SidUse.read(artefacts.semanticIds, pictured, shown, allocator));
      if (artefacts.roomStates != null) {
        ObjectNode room =
            RoomStory.read(artefacts.semanticIds, artefacts.roomStates, shown, allocator);
        if (room != null) {
          more.set("room", room);
        }
      }
    }
  }

  /** Adds what all scenarios share; after them, since they say which items are shown. */
  public void shared(Shared artefacts, PictureSource pictures, BufferAllocator allocator)
      throws IOException {
    ObjectNode data = root.putObject("data");
    put(data, "funnel", artefacts.funnel);
    put(data, "periods", artefacts.periods);
    put(data, "tokenizer", artefacts.tokenizer);
    ShownTexts texts = new ShownTexts(shown);
    if (artefacts.neighbours != null) {
      page.set("neighbours", ItemNeighbours.read(artefacts.neighbours, shown, allocator));
    }
    if (artefacts.items != null) {
      page.set("items", texts.items(artefacts.items, allocator));
      page.set("pictures", texts.pictures(new Thumbnails(pictures)));
      if (artefacts.itemPairs != null) {
        data.set("pairs", PairCounts.of(artefacts.items, artefacts.itemPairs, allocator));
      }
    }
    if (artefacts.users != null) {
      page.set("users", texts.users(artefacts.users, allocator));
    }
  }

  /**
   * What a filter of the watching pairs leaves.
   *
   * @param clicksWithPair share of all clicks that have a pair
   * @param truePairs share of the pairs whose video caused the click; null where nobody knows
   * @param causedFound share of the clicks that a video caused, in pairs with it; likewise
   */
  public record Watched(
      String rule,
      long pairs,
      double clicksWithPair,
      @Nullable Double truePairs,
      @Nullable Double causedFound) {}

  /** Adds the watching pairs, filter by filter; nothing where there are none. */
  public void watching(List<Watched> filters) {
    if (filters.stream().allMatch(filter -> filter.pairs == 0)) {
      return;
    }
    ArrayNode node = ((ObjectNode) root.get("data")).putArray("watching");
    for (Watched filter : filters) {
      ObjectNode row = node.addObject();
      row.put("rule", filter.rule).put("pairs", filter.pairs);
      row.put("clicks_with_pair", filter.clicksWithPair);
      if (filter.truePairs != null) {
        row.put("true_pairs", filter.truePairs).put("caused_found", filter.causedFound);
      }
    }
  }

  /** The largest codes of the first level with those below them; shows their examples. */
  private JsonNode gallery(JsonNode tree) {
    ArrayNode codes = JsonNodeFactory.instance.arrayNode();
    for (JsonNode first : tree.path("nodes")) {
      if (codes.size() < GALLERY) {
        codes.add(first.deepCopy());
        first.path("examples").forEach(example -> shown.picture(example.path("item").asInt()));
      }
    }
    for (JsonNode first : codes) {
      first.path("nodes").forEach(second -> ((ObjectNode) second).remove("nodes"));
    }
    return codes;
  }

  private static void put(ObjectNode node, String name, @Nullable Path file) throws IOException {
    if (file != null) {
      node.set(name, read(file));
    }
  }

  private static JsonNode read(@Nullable Path file) throws IOException {
    return file == null
        ? JsonNodeFactory.instance.objectNode()
        : JsonFile.read(file, JsonNode.class);
  }

  /** The scorecard's final figures side by side; those before conflict resolution below. */
  private static JsonNode tokenizer(JsonNode scorecard) {
    ObjectNode figures = scorecard.deepCopy();
    if (figures.remove("after") instanceof ObjectNode after) {
      figures.setAll(after);
    }
    return figures;
  }

  /** Points whose figures stand beside their step. */
  private static JsonNode flat(JsonNode training) {
    ObjectNode copy = training.deepCopy();
    for (String list : new String[] {"steps", "validations"}) {
      for (JsonNode point : copy.path(list)) {
        if (point instanceof ObjectNode object
            && object.remove("figures") instanceof ObjectNode figures) {
          object.setAll(figures);
        }
      }
    }
    return copy;
  }

  private static JsonNode summary(JsonNode training) {
    ObjectNode summary = JsonNodeFactory.instance.objectNode();
    for (String name : new String[] {"best_epoch", "parameters"}) {
      if (training.has(name)) {
        summary.set(name, training.get(name));
      }
    }
    if (training.path("validations") instanceof ArrayNode validations && !validations.isEmpty()) {
      int best = training.path("best_epoch").asInt(-1);
      for (JsonNode validation : validations) {
        if (validation.path("epoch").asInt() == best) {
          summary.set("best_validation", validation);
        }
      }
    }
    return summary;
  }

  /** Writes {@code report.json}; the stream stays the caller's. */
  public void writeJson(OutputStream out) throws IOException {
    JsonFile.write(root, out);
  }

  /** Writes {@code report.html}; the stream stays the caller's. */
  public void writePage(OutputStream out) throws IOException {
    ObjectNode all = root.deepCopy();
    all.set("page", page);
    String data = all.toString();
    String name = root.path("run").path("name").asText();
    out.write(Page.html(name, data, made.toString()).getBytes(StandardCharsets.UTF_8));
  }
}
