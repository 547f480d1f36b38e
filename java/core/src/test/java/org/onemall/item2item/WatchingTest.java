package org.onemall.item2item;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.item2item.WatchingEvidence.Worth;
import org.onemall.shop.Behavior;
import org.onemall.shop.Scenario;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

class WatchingTest {
  private static final int PRODUCTS = 6;
  private static final int VIDEOS = 9;
  private static final long BEFORE = 4_000_000;
  private static final List<String> CATEGORIES = List.of("Cooking", "News", "Pets");

  @TempDir Path folder;
  private final RootAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  /** One row of the interactions. */
  private record Event(
      int request,
      int user,
      int item,
      long time,
      int position,
      int behaviors,
      long moment,
      int watch) {
    boolean has(Behavior behavior) {
      return (behaviors & behavior.bit()) != 0;
    }

    boolean isClickOnProduct() {
      return item < PRODUCTS && has(Behavior.CLICK) && time < BEFORE;
    }

    /** Videos 6 and 7 of the nine sell something. */
    boolean isLongEntertainment() {
      return item >= PRODUCTS + 2 && has(Behavior.LONG_VIEW) && time < BEFORE;
    }
  }

  private static String category(int video) {
    return CATEGORIES.get(video % CATEGORIES.size());
  }

  private static List<Event> randomLog(long seed, int users) {
    Random random = new Random(seed);
    List<Event> log = new ArrayList<>();
    int request = 0;
    for (int user = 0; user < users; user++) {
      long time = random.nextInt(1_000_000);
      for (int page = 0; page < 30; page++) {
        time += random.nextInt(250_000);
        long moment = time;
        for (int position = 0; position < 3; position++) {
          int behaviors = 1 | (random.nextInt(3) > 0 ? 2 : 0) | (random.nextInt(3) > 0 ? 4 : 0);
          int watch = random.nextInt(60_000);
          int item = random.nextInt(PRODUCTS + VIDEOS);
          log.add(new Event(request, user, item, time, position, behaviors, moment, watch));
          moment += watch;
        }
        request++;
      }
    }
    return log;
  }

  private Path interactions(List<Event> log) throws IOException {
    Path file = folder.resolve("interactions.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.INTERACTIONS.schema(0), out, allocator)) {
      for (Event event : log) {
        writer
            .setInt(0, event.request())
            .setInt(1, event.user())
            .setInt(2, event.item())
            .setLong(3, event.time())
            .setInt(4, event.position())
            .setInt(5, event.behaviors())
            .setFloat(6, 0)
            .setFloat(7, 0)
            .setLong(8, event.moment())
            .setInt(9, event.watch());
        if (event.item() < PRODUCTS) {
          writer.setInt(11, event.item());
        }
        writer.endRow();
      }
    }
    return file;
  }

  private ItemKinds kinds() throws IOException {
    Path file = folder.resolve("items.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      for (int item = 0; item < PRODUCTS + VIDEOS; item++) {
        boolean product = item < PRODUCTS;
        Scenario scenario = product ? Scenario.PRODUCT_CARD : Scenario.SHORT_VIDEO;
        writer
            .setInt(0, item)
            .setString(1, "i" + item)
            .setString(2, scenario.key())
            .setString(3, "")
            .setString(4, product ? "Kitchen/mug" : category(item))
            .setFloat(5, 0)
            .setLong(7, 0);
        if (!product && item < PRODUCTS + 2) {
          writer.setInt(10, 0);
        }
        writer.endRow();
      }
    }
    return ItemKinds.read(file, Long.MAX_VALUE, allocator);
  }

  private static WatchingConfig config(int userPairs, int productPairs) {
    return new WatchingConfig(
        List.of(Scenario.PRODUCT_CARD), 60, 300, List.of("News"), userPairs, productPairs, 9);
  }

  private NeighbourLists best(List<Event> log, WatchingConfig config, long seed)
      throws IOException {
    ItemKinds kinds = kinds();
    try (OutputStream out = Files.newOutputStream(folder.resolve("watching_evidence.arrow"));
        WatchingEvidence evidence = new WatchingEvidence(kinds, out, allocator)) {
      return Watching.best(
          new KnownEvents(interactions(log), kinds, 3, BEFORE, allocator),
          config,
          100,
          seed,
          evidence);
    }
  }

  /** By rule, request and position: the video; -1 for none. */
  private Map<String, Integer> evidence() throws IOException {
    Map<String, Integer> found = new HashMap<>();
    Path file = folder.resolve("watching_evidence.arrow");
    try (TableReader reader = new TableReader(TableSchema.WATCHING_EVIDENCE, file, allocator)) {
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        for (int row = 0; row < batch.getRowCount(); row++) {
          FieldVector video = batch.getVector("video");
          String key =
              batch.getVector("rule").getObject(row)
                  + " "
                  + batch.getVector("request").getObject(row)
                  + " "
                  + batch.getVector("position").getObject(row);
          assertThat(found.put(key, video.isNull(row) ? -1 : (int) video.getObject(row))).isNull();
        }
      }
    }
    return found;
  }

  /** The latest video that ended so many seconds before the click, by looking at every event. */
  private static int latest(List<Event> log, Event click, double from, double to, boolean news) {
    int video = -1;
    long latestEnd = Long.MIN_VALUE;
    for (Event event : log) {
      long end = event.moment() + event.watch();
      double seconds = (click.moment() - end) / 1000.0;
      if (event.user() == click.user()
          && event.isLongEntertainment()
          && (news || !category(event.item()).equals("News"))
          && seconds >= from
          && seconds <= to
          && end >= latestEnd) {
        latestEnd = end;
        video = event.item();
      }
    }
    return video;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyRuleEqualsALookAtEveryEvent(long seed) throws IOException {
    List<Event> log = randomLog(seed, 8);
    NeighbourLists found = best(log, config(1_000, 1_000), seed);
    Map<String, Integer> expected = new HashMap<>();
    double[][] counts = new double[PRODUCTS + VIDEOS][PRODUCTS + VIDEOS];
    for (Event click : log) {
      if (click.isClickOnProduct()) {
        String key = " " + click.request() + " " + click.position();
        expected.put("none" + key, latest(log, click, 0, 1e9, true));
        expected.put("window" + key, latest(log, click, 60, 300, true));
        expected.put("category" + key, latest(log, click, 0, 1e9, false));
        int video = latest(log, click, 60, 300, false);
        expected.put("window_category" + key, video);
        expected.put("kept" + key, video);
        if (video >= 0) {
          counts[video][click.item()]++;
        }
      }
    }
    expected.entrySet().removeIf(e -> e.getValue() < 0 && !e.getKey().startsWith("none"));
    assertThat(evidence()).as("seed %d", seed).isEqualTo(expected);
    assertThat(expected.keySet()).anyMatch(key -> key.startsWith("kept"));
    for (int item = 0; item < counts.length; item++) {
      double[] scores = new double[counts.length];
      for (int rank = 0; rank < found.count(item); rank++) {
        scores[found.other(item, rank)] = found.score(item, rank);
      }
      assertThat(scores).as("seed %d, item %d", seed, item).containsExactly(counts[item]);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void heavyUsersAndFrequentProductsAreDownSampled(long seed) throws IOException {
    List<Event> log = randomLog(seed, 60);
    best(log, config(1_000, 1_000_000), seed);
    Map<String, Integer> whole = evidence();
    best(log, config(3, 1_000_000), seed);
    Map<Integer, Integer> ofUser = new HashMap<>();
    Map<String, Integer> capped = evidence();
    for (String key : capped.keySet()) {
      if (key.startsWith("kept")) {
        ofUser.merge(Integer.parseInt(key.split(" ")[1]) / 30, 1, Integer::sum);
        assertThat(whole).containsEntry(key, capped.get(key));
      }
    }
    assertThat(ofUser.values()).allMatch(pairs -> pairs <= 3).contains(3);
    best(log, config(1_000, 4), seed);
    Map<String, Integer> thinned = evidence();
    long all = count(whole, "window_category");
    double perProduct = (double) all / PRODUCTS;
    double expected = PRODUCTS * Math.sqrt(4 * perProduct);
    assertThat((double) count(thinned, "kept"))
        .as("seed %d: of %d about %.0f", seed, all, expected)
        .isBetween(expected - 4 * Math.sqrt(expected) - 5, expected + 4 * Math.sqrt(expected) + 5);
    best(log, config(1_000, 4), seed);
    assertThat(evidence()).isEqualTo(thinned);
    best(log, config(1_000, 4), seed + 1);
    assertThat(evidence()).isNotEqualTo(thinned);
  }

  private static long count(Map<String, Integer> evidence, String rule) {
    return evidence.keySet().stream().filter(key -> key.startsWith(rule + " ")).count();
  }

  @Test
  void whatComesAfterTheBoundaryChangesNothing() throws IOException {
    List<Event> log = randomLog(6, 20);
    best(log, config(5, 3), 6);
    Map<String, Integer> expected = evidence();
    List<Event> cut = log.stream().filter(event -> event.time() < BEFORE).toList();
    assertThat(cut).hasSizeLessThan(log.size());
    best(cut, config(5, 3), 6);
    assertThat(evidence()).isEqualTo(expected);
  }

  @Test
  void worthIsTheShareOfPairsWithTheTrueCause() throws IOException {
    List<Event> log = randomLog(7, 10);
    best(log, config(1_000, 1_000), 7);
    Map<String, Integer> found = evidence();
    Random random = new Random(7);
    List<Event> clicks = log.stream().filter(Event::isClickOnProduct).toList();
    int[] request = clicks.stream().mapToInt(Event::request).toArray();
    int[] position = clicks.stream().mapToInt(Event::position).toArray();
    int[] cause = clicks.stream().mapToInt(c -> random.nextInt(-2, PRODUCTS + VIDEOS)).toArray();
    Arrays.setAll(cause, i -> Math.max(-1, cause[i]));
    Map<String, Worth> worth =
        WatchingEvidence.worth(
            folder.resolve("watching_evidence.arrow"), request, position, cause, allocator);
    assertThat(new TreeSet<>(worth.keySet()))
        .containsExactly("category", "kept", "none", "window", "window_category");
    worth.forEach((rule, figures) -> {
      int pairs = 0;
      int right = 0;
      int caused = 0;
      for (int click = 0; click < cause.length; click++) {
        int video = found.getOrDefault(rule + " " + request[click] + " " + position[click], -1);
        pairs += video >= 0 ? 1 : 0;
        right += video >= 0 && video == cause[click] ? 1 : 0;
        caused += cause[click] >= 0 ? 1 : 0;
      }
      assertThat(figures)
          .isEqualTo(
              new Worth(
                  pairs,
                  (double) pairs / cause.length,
                  (double) right / pairs,
                  (double) right / caused));
    });
  }
}
