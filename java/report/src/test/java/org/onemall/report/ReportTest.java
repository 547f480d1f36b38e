package org.onemall.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Pattern LOADED =
      Pattern.compile(
          "(?i)<(?:link|script|img|iframe|source|object|embed)\\b[^>]*\\b(?:src|href|data)\\s*=\\s*(?![\"']data:,)|@import|url\\(\\s*[\"']?https?:");

  private static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";

  @TempDir Path folder;

  private String page(long seed, boolean whole) throws IOException {
    try (BufferAllocator allocator = new RootAllocator()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new FakeRun(folder, seed).report(whole, allocator).writePage(out);
      return out.toString(StandardCharsets.UTF_8);
    }
  }

  private JsonNode json(boolean whole) throws IOException {
    try (BufferAllocator allocator = new RootAllocator()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new FakeRun(folder, 1).report(whole, allocator).writeJson(out);
      return new ObjectMapper().readTree(out.toByteArray());
    }
  }

  /** The data of a page, as its script sees them. */
  private static JsonNode embedded(String page) throws IOException {
    String open = "<script type=\"application/json\" id=\"figures\">";
    int start = page.indexOf(open) + open.length();
    return new ObjectMapper().readTree(page.substring(start, page.indexOf("</script>", start)));
  }

  @Test
  void reportJsonHasItsKeys() throws IOException {
    JsonNode root = json(true);
    for (String metric : new String[] {"HR@10", "HR@500", "NDCG@10", "sid_HR@50", "new_HR@50"}) {
      for (String figure : new String[] {"value", "low", "high"}) {
        String key = "/scenarios/product_card/models/onemall/%s/%s".formatted(metric, figure);
        assertThat(root.at(key).isNumber()).as(key).isTrue();
      }
    }
    assertThat(root.at("/scenarios/product_card/tokenizer/conflict").asDouble(9)).isZero();
    assertThat(root.at("/scenarios/product_card/tokenizer/exclusive").asDouble()).isEqualTo(1);
    assertThat(root.at("/scenarios/product_card/tokenizer/before/conflict").asDouble())
        .isEqualTo(.26);
    assertThat(root.at("/scenarios/product_card/training/best_validation/epoch").asInt())
        .isEqualTo(7);
    assertThat(root.at("/data/funnel/rows_read").asLong()).isEqualTo(541_909);
    assertThat(root.at("/scenarios/product_card").has("samples")).isFalse();
  }

  @Test
  void hostileTitlesStayText() throws IOException {
    String page = page(1, true);
    String ours = page.replace(resource(ECHARTS), "");
    assertThat(ours.contains("<img")).isFalse();
    assertThat(ours.contains("onerror=alert(1)>")).isFalse();
    assertThat(ours.split("</script>", -1)).as("the page's own four scripts").hasSize(5);
    assertThat(ours.contains("<title>online_retail &lt;/script&gt;")).isTrue();
    JsonNode data = embedded(page);
    assertThat(data.at("/page/items/3/1").asText()).isEqualTo(FakeRun.HOSTILE);
    assertThat(data.at("/run/name").asText()).endsWith(FakeRun.HOSTILE);
  }

  @Test
  void theScriptNeverWritesMarkup() throws IOException {
    for (String script : Page.SCRIPTS) {
      String text = resource(script);
      assertThat(text)
          .as(script)
          .doesNotContain("innerHTML")
          .doesNotContain("outerHTML")
          .doesNotContain("insertAdjacent")
          .doesNotContain("document.write")
          .doesNotContain("eval(")
          .doesNotContain("http");
    }
    assertThat(resource("charts.js")).contains("renderMode: 'richText'");
  }

  private static String resource(String name) throws IOException {
    try (var in = ReportTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void loadsNothing() throws IOException {
    String page = page(1, true).replace(resource(ECHARTS), "");
    assertThat(page.length()).as("the chart library is inside").isLessThan(500_000);
    assertThat(LOADED.matcher(page).results().map(m -> m.group()).toList()).isEmpty();
    assertThat(page.contains("default-src 'none'; script-src 'unsafe-inline'")).isTrue();
  }

  @Test
  void theSameArtefactsGiveTheSameBytes() throws IOException {
    assertThat(page(1, true).equals(page(1, true))).isTrue();
    assertThat(page(1, true).equals(page(2, true))).isFalse();
  }

  @Test
  void theTreeCountsTheLatestSidOfEachItem() throws IOException {
    JsonNode tree = embedded(page(1, true)).at("/page/product_card/tree");
    assertThat(tree.path("items").asInt()).isEqualTo(FakeRun.ITEMS);
    assertThat(tree.path("sids")).hasSize(FakeRun.ITEMS);
    for (JsonNode level : tree.path("use")) {
      int sum = 0;
      for (JsonNode count : level) {
        sum += count.asInt();
      }
      assertThat(sum).isEqualTo(FakeRun.ITEMS);
    }
    assertThat(tree.at("/use/0/0").asInt()).isLessThan(FakeRun.ITEMS / 2);
  }

  @Test
  void aRunThatStoppedEarlyHasAPageToo() throws IOException {
    assertThat(json(false).at("/scenarios/product_card/models").isMissingNode()).isTrue();
    assertThat(embedded(page(1, false)).at("/data/funnel/items").asInt()).isEqualTo(3_684);
  }

  /** Leaves an example beside the compiled classes, to look at after a change of the page. */
  @Test
  void writesAnExample() throws IOException {
    Path example = Path.of("target", "report-example.html");
    Files.writeString(example, page(1, true));
    Files.writeString(Path.of("target", "report-example-early.html"), page(1, false));
    assertThat(Files.size(example)).isLessThan(3_000_000);
  }

  private String mall(long seed) throws IOException {
    try (BufferAllocator allocator = new RootAllocator()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new FakeMall(folder, seed).report(allocator).writePage(out);
      return out.toString(StandardCharsets.UTF_8);
    }
  }

  @Test
  void threeScenariosShareOnePage() throws IOException {
    String page = mall(1);
    JsonNode data = embedded(page);
    assertThat(data.path("simulated").asBoolean()).isTrue();
    assertThat(data.path("scenarios")).hasSize(3);
    assertThat(data.at("/page/items/0/1").asText()).isEqualTo("nexia black summer dress");
    assertThat(data.at("/page/items/0/3").asText()).isEqualTo("product_card");
    int pairs = 0;
    for (JsonNode kind : data.at("/data/pairs")) {
      pairs += kind.path("pairs").asInt();
      String anchor =
          kind.path("source").asText().equals("watching") ? "short_video" : "product_card";
      assertThat(kind.path("anchor").asText()).isEqualTo(anchor);
    }
    assertThat(pairs).isEqualTo(6_000);
    assertThat(mall(1).equals(page)).as("the same artefacts, the same bytes").isTrue();
    Files.writeString(Path.of("target", "report-example-mall.html"), page);
  }

  @Test
  void picturesAreSmallAndFew() throws IOException {
    String page = mall(2);
    JsonNode pictures = embedded(page).at("/page/pictures");
    assertThat(pictures.size()).isBetween(150, 650);
    for (JsonNode picture : pictures) {
      assertThat(picture.asText()).startsWith("data:image/jpeg;base64,").hasSizeLessThan(6_000);
    }
    assertThat(pictures.has(String.valueOf(FakeMall.BROKEN))).isFalse();
    assertThat(LOADED.matcher(page.replace(resource(ECHARTS), "")).results().count()).isZero();
    assertThat(page.length()).isLessThan(5_000_000);
  }

  @Test
  void theRoomThatMovesMostIsFollowed() throws IOException {
    JsonNode room = embedded(mall(3)).at("/page/live_streaming/room");
    assertThat(room.path("room").asInt()).isEqualTo(FakeMall.ROOM);
    assertThat(room.path("states")).hasSize(12);
    JsonNode first = room.at("/states/0");
    assertThat(first.path("products")).hasSize(3);
    assertThat(first.path("more").asInt()).isEqualTo(3);
    assertThat(room.at("/states/8/sid").equals(first.path("sid"))).isFalse();
    assertThat(room.at("/states/11/sid"))
        .as("the last SID stays")
        .isEqualTo(room.at("/states/8/sid"));
  }
}
