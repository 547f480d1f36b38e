package org.onemall.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An invented shop of 300 items whose config only says where its log is and how to read it, run
 * from a folder that is not the checkout.
 */
class FourLinesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int GROUPS = 12;
  private static final int ITEMS = 300;
  private static final int USERS = 400;
  private static final int LIST = 20;

  @TempDir Path folder;

  @Test
  void aConfigOfFourLinesLeadsToListsForEveryUser() throws Exception {
    Path shop = Files.createDirectories(folder.resolve("shop"));
    Set<String> users = writeLog(shop.resolve("orders.csv"));
    Files.writeString(
        shop.resolve("shop.yaml"),
        """
        name: small
        ingest:
          paths: [orders.csv]
          columns: {user: customer, item: sku, time: at}
        """);
    onemall("run", "shop/shop.yaml");
    Path run = folder.resolve("runs/small");
    JsonNode models =
        JSON.readTree(Runs.artefact(run, "report.json").toFile())
            .path("scenarios")
            .path("product_card")
            .path("models");
    assertThat(hits(models, "onemall"))
        .as("HR@10 against popularity")
        .isGreaterThan(1.5 * hits(models, "popularity"));

    Map<Path, Object> before = written(run);
    onemall("run", "runs/small/config.yaml");
    assertThat(written(run)).as("the printed config makes nothing again").isEqualTo(before);
    onemall("run", shop.resolve("shop.yaml").toString());
    assertThat(written(run)).as("nor do the four lines").isEqualTo(before);

    onemall("recommend", "runs/small", "-k", String.valueOf(LIST), "--out", "lists.csv");
    assertThatListsAreWhole(Files.readAllLines(folder.resolve("lists.csv")), users);
  }

  private static double hits(JsonNode models, String model) {
    JsonNode value = models.path(model).path("HR@10").path("value");
    assertThat(value.isNumber()).as(model).isTrue();
    return value.asDouble();
  }

  private static void assertThatListsAreWhole(List<String> lines, Set<String> users) {
    List<String> names = List.of(lines.getFirst().split(",", -1));
    int user = names.indexOf("user");
    int item = names.indexOf("item");
    int rank = names.indexOf("rank");
    Map<String, Set<String>> lists = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      Set<String> list = lists.computeIfAbsent(cells[user], key -> new HashSet<>());
      assertThat(cells[item]).matches("S\\d+");
      assertThat(list.add(cells[item])).as("%s twice", line).isTrue();
      assertThat(cells[rank]).isEqualTo(String.valueOf(list.size()));
    }
    assertThat(lists.keySet()).isEqualTo(users);
    assertThat(lists.values()).allSatisfy(list -> assertThat(list).hasSize(LIST));
  }

  /** When each artefact was written. */
  private static Map<Path, Object> written(Path run) throws IOException {
    Map<Path, Object> times = new TreeMap<>();
    try (var files = Files.walk(run)) {
      for (Path file : files.filter(each -> each.endsWith("manifest.json")).toList()) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    assertThat(times).hasSizeGreaterThan(12);
    return times;
  }

  private void onemall(String... words) throws Exception {
    Process process = Jvm.onemall(words).directory(folder.toFile()).start();
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).as("%s", List.of(words)).isZero();
  }

  /** Users with a taste for two groups of items, over 150 days. */
  private static Set<String> writeLog(Path file) throws IOException {
    Random random = new Random(7);
    List<String> lines = new ArrayList<>(List.of("customer,sku,at"));
    Set<String> users = new HashSet<>();
    for (int user = 0; user < USERS; user++) {
      users.add("u" + user);
      int[] tastes = {random.nextInt(GROUPS), random.nextInt(GROUPS)};
      int orders = 1 + random.nextInt(8);
      for (int order = 0; order < orders; order++) {
        int day = random.nextInt(150);
        for (int line = 0; line < 1 + user % 4; line++) {
          int group = random.nextInt(10) < 8 ? tastes[random.nextInt(2)] : random.nextInt(GROUPS);
          int item = group + GROUPS * (int) (ITEMS / GROUPS * Math.pow(random.nextDouble(), 2));
          lines.add(
              "u%d,S%d,2025-%02d-%02d %02d:00:00"
                  .formatted(user, item, 1 + day / 28, 1 + day % 28, 8 + order));
        }
      }
    }
    Files.write(file, lines);
    return users;
  }
}
