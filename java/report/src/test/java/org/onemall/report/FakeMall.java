package org.onemall.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.onemall.shop.Scenario;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/** A run of three scenarios that never happened, with pictures. */
final class FakeMall {
  static final int ITEMS = 900;
  static final int BROKEN = 6;
  static final int ROOM = 17;

  private static final List<Scenario> SCENARIOS =
      List.of(Scenario.PRODUCT_CARD, Scenario.SHORT_VIDEO, Scenario.LIVE_STREAMING);
  private static final long START = 1_767_225_600_000L;
  private static final List<String> COLOURS =
      List.of("black", "ivory", "crimson", "azure", "jade", "blush", "golden", "silver");
  private static final List<String> KINDS =
      List.of("summer dress", "frying pan", "running shoes", "yoga mat", "green tea", "desk lamp");
  private static final List<Color> RGB =
      List.of(
          Color.DARK_GRAY,
          new Color(245, 242, 225),
          new Color(190, 30, 50),
          new Color(60, 130, 220),
          new Color(40, 160, 100),
          Color.PINK,
          new Color(230, 190, 60),
          Color.LIGHT_GRAY);

  private final Path folder;
  private final FakeRun likely;
  private final SplittableRandom random;
  private int read;

  FakeMall(Path folder, long seed) {
    this.folder = folder;
    this.likely = new FakeRun(folder, seed);
    this.random = new SplittableRandom(seed);
  }

  /** How many pictures were asked for. */
  int read() {
    return read;
  }

  private static int place(Scenario scenario) {
    return SCENARIOS.indexOf(scenario);
  }

  private static Scenario scenario(int item) {
    return SCENARIOS.get(item % 3);
  }

  private static String title(int item) {
    String kind = KINDS.get(item / 3 % KINDS.size());
    String colour = COLOURS.get(item / 18 % COLOURS.size());
    return switch (scenario(item)) {
      case PRODUCT_CARD -> "nexia " + colour + " " + kind;
      case SHORT_VIDEO -> "ming shows " + colour + " " + kind;
      case LIVE_STREAMING -> "ming's " + kind + " room " + item;
    };
  }

  ReportData report(BufferAllocator allocator) throws IOException {
    ReportData data =
        new ReportData(
            "mall", 1, "name: mall\nseed: 1\n", new TreeMap<>(Map.of("onemall", "0.1.0")));
    data.source("# A simulated mall\n\n300 users, 14 days; every draw is hashed.\n", true);
    Path items = items(allocator);
    Path states = roomStates(allocator);
    double[] scale = {1, 1.2, 1.5};
    for (Scenario scenario : SCENARIOS) {
      Path sids = semanticIds(scenario, allocator);
      data.scenario(
          scenario,
          new ReportData.Artefacts(
              Files.writeString(folder.resolve("s.json"), scorecard(scenario)),
              Files.writeString(folder.resolve("t.json"), likely.training(new ObjectMapper())),
              evaluation(scenario, scale[place(scenario)]),
              sids,
              Files.writeString(folder.resolve("tree.json"), tree(scenario)),
              scenario == Scenario.LIVE_STREAMING ? states : null),
          allocator);
    }
    data.shared(
        new ReportData.Shared(
            Files.writeString(folder.resolve("funnel.json"), FUNNEL),
            Files.writeString(folder.resolve("periods.json"), FakeRun.PERIODS),
            Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER),
            items,
            likely.users(allocator),
            pairs(allocator),
            null),
        this::picture,
        allocator);
    data.watching(
        List.of(
            new ReportData.Watched("none", 11_060, .6, .02, .9),
            new ReportData.Watched("window_category", 7_475, .24, .176, .8),
            new ReportData.Watched("kept", 4_000, .13, .18, .4)));
    return data;
  }

  private TableWriter writer(TableSchema table, OutputStream out, BufferAllocator allocator)
      throws IOException {
    Schema schema = table.schema(3);
    return new TableWriter(schema, out, allocator);
  }

  private Path items(BufferAllocator allocator) throws IOException {
    Path file = folder.resolve("mall-items.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = writer(TableSchema.ITEMS, out, allocator)) {
      for (int item = 0; item < ITEMS; item++) {
        writer
            .setInt(0, item)
            .setString(1, "x" + item)
            .setString(2, scenario(item).key())
            .setString(3, title(item))
            .setString(4, "Home/" + KINDS.get(item / 3 % KINDS.size()))
            .setFloat(5, 9 + item % 17)
            .setString(6, null)
            .setLong(7, 0)
            .setNull(8)
            .setNull(9)
            .setNull(10)
            .setNull(12)
            .setNull(13);
        if (scenario(item) == Scenario.LIVE_STREAMING) {
          writer.setNull(11);
        } else {
          writer.setStrings(11, List.of("pictures/" + item + ".jpg"));
        }
        writer.endRow();
      }
    }
    return file;
  }

  /** A coloured shape; one file is broken. */
  private byte[] picture(String path) throws IOException {
    read++;
    int item = Integer.parseInt(path.replaceAll("\\D", ""));
    if (item == BROKEN) {
      return new byte[] {(byte) 0xff, (byte) 0xd8, 1, 2, 3};
    }
    BufferedImage image = new BufferedImage(224, 224, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(item % 2 == 0 ? Color.WHITE : new Color(220, 210, 200));
    graphics.fillRect(0, 0, 224, 224);
    graphics.setColor(RGB.get(item / 18 % RGB.size()));
    int kind = item / 3 % KINDS.size();
    if (kind % 2 == 0) {
      graphics.fillOval(30, 60 - 10 * kind / 2, 160, 100 + 10 * kind);
    } else {
      graphics.fillRoundRect(40, 50, 140, 60 + 20 * kind, 20 * kind, 40);
    }
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private Path roomStates(BufferAllocator allocator) throws IOException {
    Path file = folder.resolve("room_states.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = writer(TableSchema.ROOM_STATES, out, allocator)) {
      for (int item = 2; item < ITEMS; item += 3) {
        for (int block = 0; block < 12; block++) {
          int[] products = random.ints(6, 0, ITEMS / 3).map(i -> 3 * i).toArray();
          writer.setInt(0, item).setLong(1, START + block * 300_000L).setInts(2, products).endRow();
        }
        writer.setInt(0, item).setLong(1, START + 12 * 300_000L).setInts(2, new int[0]).endRow();
      }
    }
    return file;
  }

  private Path semanticIds(Scenario scenario, BufferAllocator allocator) throws IOException {
    Path file = folder.resolve(scenario.key() + ".arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = writer(TableSchema.SEMANTIC_IDS, out, allocator)) {
      for (int item = place(scenario); item < ITEMS; item += 3) {
        boolean moves = scenario == Scenario.LIVE_STREAMING;
        int rows = !moves ? 1 : item == ROOM ? 9 : 1 + item % 4;
        for (int row = 0; row < rows; row++) {
          int[] codes = {
            item / 3 % 6 * 5 + random.nextInt(2), item / 18 % 8 * 4, random.nextInt(64)
          };
          writer
              .setInt(0, item)
              .setLong(1, moves ? START + row * 300_000L : 0)
              .setCodes(2, codes)
              .endRow();
        }
      }
    }
    return file;
  }

  private Path pairs(BufferAllocator allocator) throws IOException {
    Path file = folder.resolve("item_pairs.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = writer(TableSchema.ITEM_PAIRS, out, allocator)) {
      for (int pair = 0; pair < 6_000; pair++) {
        boolean watching = pair % 5 == 0;
        writer
            .setInt(0, watching ? 3 * random.nextInt(300) + 1 : 3 * random.nextInt(300))
            .setInt(1, 3 * random.nextInt(300))
            .setFloat(2, 1)
            .setString(3, watching ? "watching" : pair % 2 == 0 ? "swing" : "tower")
            .endRow();
      }
    }
    return file;
  }

  /** The likely evaluation, other items and other figures; rooms have cut-offs of their own. */
  private Path evaluation(Scenario scenario, double scale) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = (ObjectNode) json.readTree(Files.readAllBytes(likely.evaluation()));
    for (JsonNode model : root.path("models")) {
      for (JsonNode estimate : model) {
        ObjectNode figures = (ObjectNode) estimate;
        for (String key : List.of("value", "low", "high")) {
          figures.put(key, Math.min(.99, scale * figures.path(key).asDouble()));
        }
      }
    }
    for (JsonNode sample : root.path("samples")) {
      for (String list : List.of("history", "recommendations", "truth")) {
        List<Integer> items = new ArrayList<>();
        sample
            .path(list)
            .forEach(item -> {
              int other = item.asInt() % ITEMS;
              items.add(list.equals("history") ? other : other / 3 * 3 + place(scenario));
            });
        ArrayNode node = ((ObjectNode) sample).putArray(list);
        items.stream().distinct().filter(item -> item < ITEMS).forEach(node::add);
      }
    }
    if (scenario == Scenario.LIVE_STREAMING) {
      root.set("by_candidates", json.readTree(BY_CANDIDATES));
    }
    Path file = folder.resolve("evaluation-" + scenario.key() + ".json");
    return Files.write(file, json.writeValueAsBytes(root));
  }

  private static String tree(Scenario scenario) {
    StringBuilder nodes = new StringBuilder();
    for (int code = 0; code < 30; code++) {
      StringBuilder examples = new StringBuilder();
      for (int i = 0; i < 4; i++) {
        int item = (code * 18 + i * 3) % ITEMS + place(scenario);
        examples
            .append(i == 0 ? "" : ",")
            .append("{\"item\": %d, \"title\": \"%s\"}".formatted(item, title(item)));
      }
      String node =
          "{\"code\": [%s], \"items\": %d, \"categories\": {\"Home/frying pan\": 0.7, \"Home/yoga mat\": 0.2}, \"examples\": [%s], \"codes\": 5, \"nodes\": [%s]}";
      String below = node.formatted(code + ", 3", 9, examples, "");
      nodes.append(code == 0 ? "" : ",").append(node.formatted(code, 60 - code, examples, below));
    }
    return "{\"scenario\": \"%s\", \"nodes\": [%s]}".formatted(scenario.key(), nodes);
  }

  private static String scorecard(Scenario scenario) {
    String levels =
        """
        [{"used": 60, "use": 0.94, "entropy": 5.61, "gini": 0.38, "neighbour_agreement": 0.61},
         {"used": 64, "use": 1.0, "entropy": 5.72, "gini": 0.33, "neighbour_agreement": 0.24},
         {"used": 64, "use": 1.0, "entropy": 5.93, "gini": 0.17, "neighbour_agreement": 0.04}]\
        """;
    StringBuilder hours = new StringBuilder();
    for (int hour = 9; hour < 24; hour++) {
      double share = .2 + .02 * (hour % 7);
      hours
          .append(hour == 9 ? "" : ",")
          .append(
              "{\"hour\": %d, \"rooms\": 90, \"levels\": [%s, %s, %s]}"
                  .formatted(hour, share / 3, share / 2, share));
    }
    String one =
        "{\"rooms\": 2160, \"states\": 9000, \"sids\": 7000, \"levels\": [0.1, 0.14, 0.26], \"hours\": [%s]}"
            .formatted(hours);
    String churn =
        scenario == Scenario.LIVE_STREAMING
            ? "{\"moving\": %s, \"hysteresis\": %s}".formatted(one, one)
            : "{}";
    return """
    {"items": 300, "sizes": [64, 64, 64], "moved": 12,
     "before": {"sids": 280, "conflict": 0.12, "exclusive": 0.93, "levels": []},
     "after": {"sids": 300, "conflict": 0.0, "exclusive": 1.0, "levels": %s},
     "more": {"population": "items", "wanted": [64, 64, 64],
      "distances": {"known": {"rows": 280, "share": 0.21}, "later": {"rows": 20, "share": 0.28}},
      "variants": {"kmeans": {"sids": 250, "conflict": 0.31, "exclusive": 0.84, "levels": %s},
       "fsq": {"sids": 280, "conflict": 0.12, "exclusive": 0.93, "levels": %s}},
      "neighbours": {"pairs": 2000, "candidates": 280.5, "rates": [{"k": 10, "vectors": 0.3, "sid": 0.22, "random": 0.03}]},
      "mixtures": [{"embedding": 1, "tower": 0, "figures": {"conflict": 0.2},
       "neighbours": {"pairs": 2000, "candidates": 280.5, "rates": [{"k": 10, "vectors": 0.25, "sid": 0.2, "random": 0.03}]}}],
      "churn": %s}}
    """
        .formatted(levels, levels, levels, churn);
  }

  private static final String BY_CANDIDATES =
      """
      [{"from": 8, "to": 15, "mean": 11.2, "requests": 210,
        "models": {"onemall": {"HR@10": 0.91, "percentile": 0.8}, "generator": {"HR@10": 0.89, "percentile": 0.78}}},
       {"from": 128, "to": 255, "mean": 160.5, "requests": 2210,
        "models": {"onemall": {"HR@10": 0.61, "percentile": 0.9}, "generator": {"HR@10": 0.58, "percentile": 0.88}}}]
      """;
  private static final String TOKENIZER =
      """
      {"backbone": "minilm", "width": 384, "steps": 400, "losses": [], "alignment_losses": [4.1, 3.2, 2.9],
       "vision": "swin", "vision_trained": true,
       "pictures": {"pictures": {"read": 11210, "absent": 31, "broken": 4}, "examples": {}, "items_without_picture": 31, "items_without_text": 2, "items_with_neither": 0},
       "held_out": [
        {"use": "both", "source": "all", "pairs": 900, "anchors": 300, "hr10": {"value": 0.37, "low": 0.35, "high": 0.39}},
        {"use": "text", "source": "all", "pairs": 900, "anchors": 300, "hr10": {"value": 0.31, "low": 0.29, "high": 0.33}, "behind": {"value": 0.06, "low": 0.04, "high": 0.08}},
        {"use": "picture", "source": "all", "pairs": 900, "anchors": 300, "hr10": {"value": 0.18, "low": 0.165, "high": 0.195}, "behind": {"value": 0.19, "low": 0.17, "high": 0.21}},
        {"use": "both", "source": "co_click", "pairs": 500, "anchors": 200, "hr10": {"value": 0.41, "low": 0.39, "high": 0.43}},
        {"use": "text", "source": "co_click", "pairs": 500, "anchors": 200, "hr10": {"value": 0.33, "low": 0.31, "high": 0.35}, "behind": {"value": 0.08, "low": 0.06, "high": 0.1}},
        {"use": "picture", "source": "co_click", "pairs": 500, "anchors": 200, "hr10": {"value": 0.2, "low": 0.18, "high": 0.22}, "behind": {"value": 0.21, "low": 0.19, "high": 0.23}}]}
      """;
  private static final String FUNNEL =
      """
      {"rows_read": 900123, "refused": {"unknown_item": 12, "broken_time": 3}, "rows_merged": 0,
       "interactions": 900108, "amount": 300000.0, "items": 900, "users": 300,
       "one_request_users": 10, "requests": 150000, "periods": {
        "train": {"requests": 120000, "interactions": 700000, "users": 290, "new_users": 290, "new_items": 800},
        "test": {"requests": 30000, "interactions": 200108, "users": 280, "new_users": 10, "new_items": 100}},
       "tables": {"items": {"rows_read": 903, "kept": 900, "refused": {"unknown_scenario": 3},
         "left_out": {}, "repaired": {"no_text": 2, "unknown_category": 7}},
        "interactions": {"rows_read": 900123, "kept": 900108, "refused": {"unknown_item": 12, "broken_time": 3}, "left_out": {}, "repaired": {}}},
       "scenarios": {
        "product_card": {"items": 300, "never_exposed": 4, "without_product": 0, "exposures": 400000, "clicks": 32000, "long_views": 17000, "carts": 7000, "buys": 1000, "amount": 130000.5},
        "short_video": {"items": 300, "never_exposed": 9, "without_product": 120, "exposures": 390000, "clicks": 13000, "long_views": 150000, "carts": 3000, "buys": 390, "amount": 51000.0},
        "live_streaming": {"items": 300, "never_exposed": 1, "without_product": 0, "exposures": 110000, "clicks": 8800, "long_views": 5000, "carts": 1000, "buys": 310, "amount": 42000.0}}}
      """;
}
