package org.onemall.ingest.sequences;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.ingest.Ingest;
import org.onemall.ingest.IngestConfig;
import org.onemall.ingest.log.ColumnsConfig;
import org.onemall.ingest.log.LogConfig.TimeUnit;
import org.onemall.item2item.CoOccurrence;
import org.onemall.item2item.Item2ItemConfig;
import org.onemall.sample.History;
import org.onemall.sample.Popularity;
import org.onemall.sample.Requests;
import org.onemall.sample.SampleConfig;
import org.onemall.sample.SampleConfig.TargetWeight;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.shop.Period;
import org.onemall.shop.Periods;
import org.onemall.shop.SplitConfig;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** The split by order, on sequences and on logs: who is judged by what, and what is known then. */
class LeaveOneOutTest {
  private static final SplitConfig LEAVE_ONE_OUT =
      new SplitConfig(SplitConfig.By.LEAVE_ONE_OUT, null, null, null);
  private static final SplitConfig BY_TIME = new SplitConfig(SplitConfig.By.TIME, 1, 1, 1);

  @TempDir Path folder;

  /** Sequences of 1 to 12 of 30 items, at least one of them of three or more. */
  private static Map<String, List<String>> random(long seed) {
    Random random = new Random(seed);
    Map<String, List<String>> sequences = new TreeMap<>();
    for (int user = 0; user < 40; user++) {
      int length = user == 0 ? 3 : 1 + random.nextInt(12);
      sequences.put("u" + user, random.ints(length, 0, 30).mapToObj(item -> "p" + item).toList());
    }
    return sequences;
  }

  private Path write(Map<String, List<String>> sequences, long order) throws IOException {
    List<String> lines = new ArrayList<>();
    sequences.forEach((user, items) -> lines.add(user + "\t" + String.join(" ", items)));
    Collections.shuffle(lines, new Random(order));
    return Files.writeString(folder.resolve("sequences.txt"), String.join("\n", lines) + "\n");
  }

  private static IngestConfig config(SequencesConfig sequences) {
    return new IngestConfig(
        null, sequences, null, null, null, null, null, null, 1, null, 30, 0, "200MB");
  }

  private static IngestConfig sequences(Path file) {
    return config(new SequencesConfig(file, null, null, null, null, null));
  }

  /** Tables of an ingest under {@code at}. */
  private record Result(Path at, Periods periods, Map<String, Long> refused) {
    List<String> column(TableSchema table, String name) throws IOException {
      List<String> values = new ArrayList<>();
      try (RootAllocator allocator = new RootAllocator();
          TableReader reader = new TableReader(table, file(table), allocator)) {
        while (reader.next()) {
          FieldVector vector = reader.batch().getVector(name);
          for (int row = 0; row < reader.batch().getRowCount(); row++) {
            values.add(String.valueOf(vector.getObject(row)));
          }
        }
      }
      return values;
    }

    Path file(TableSchema table) {
      return at.resolve(table.table() + ".arrow");
    }

    /** For each user the items of each period, in order. */
    Map<String, Map<Period, List<String>>> split() throws IOException {
      List<String> users = column(TableSchema.USERS, "external_id");
      List<String> items = column(TableSchema.ITEMS, "external_id");
      List<String> user = column(TableSchema.INTERACTIONS, "user");
      List<String> item = column(TableSchema.INTERACTIONS, "item");
      List<String> time = column(TableSchema.INTERACTIONS, "time_ms");
      Map<String, Map<Period, List<String>>> split = new HashMap<>();
      for (int row = 0; row < user.size(); row++) {
        split
            .computeIfAbsent(users.get(Integer.parseInt(user.get(row))), _ -> new TreeMap<>())
            .computeIfAbsent(
                periods.periodOf(Long.parseLong(time.get(row))), _ -> new ArrayList<>())
            .add(items.get(Integer.parseInt(item.get(row))));
      }
      return split;
    }
  }

  private Result ingest(IngestConfig config, SplitConfig split) throws IOException {
    Path at = Files.createTempDirectory(folder, "out");
    Path scratch = Files.createDirectory(at.resolve("scratch"));
    try (RootAllocator allocator = new RootAllocator();
        Ingest ingest = new Ingest(config, split, 7, scratch, allocator);
        OutputStream items = Files.newOutputStream(at.resolve("items.arrow"));
        OutputStream users = Files.newOutputStream(at.resolve("users.arrow"));
        OutputStream interactions = Files.newOutputStream(at.resolve("interactions.arrow"))) {
      ingest.writeItems(items, allocator);
      ingest.writeUsers(users, allocator);
      ingest.writeInteractions(interactions, allocator);
      return new Result(at, ingest.periods(), ingest.funnel().refused());
    }
  }

  /** The rule, naively. */
  private static Map<Period, List<String>> expected(List<String> items) {
    Map<Period, List<String>> split = new TreeMap<>();
    for (int place = 0; place < items.size(); place++) {
      int steps = items.size() - 1 - place;
      Period period = steps == 0 ? Period.TEST : steps == 1 ? Period.VALIDATION : Period.TRAIN;
      split.computeIfAbsent(period, _ -> new ArrayList<>()).add(items.get(place));
    }
    return split;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theLastItemOfEachUserIsTheTestAndTheOneBeforeItValidation(long seed) throws IOException {
    Map<String, List<String>> sequences = random(seed);
    Map<String, Map<Period, List<String>>> split =
        ingest(sequences(write(sequences, 0)), LEAVE_ONE_OUT).split();
    assertThat(split.keySet()).isEqualTo(sequences.keySet());
    sequences.forEach((user, items) ->
        assertThat(split.get(user)).as("seed %d, user %s", seed, user).isEqualTo(expected(items)));
  }

  @Test
  void theOrderOfTheLinesDoesNotMatter() throws IOException {
    Result one = ingest(sequences(write(random(5), 1)), LEAVE_ONE_OUT);
    Result other = ingest(sequences(write(random(5), 2)), LEAVE_ONE_OUT);
    for (TableSchema table :
        List.of(TableSchema.ITEMS, TableSchema.USERS, TableSchema.INTERACTIONS)) {
      assertThat(Files.mismatch(one.file(table), other.file(table))).isEqualTo(-1);
    }
    assertThat(one.periods()).isEqualTo(other.periods());
  }

  /** Real times keep their order and nothing else, whatever gap lies between two users. */
  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void aLogIsSplitByTheOrderOfItsTimes(long seed) throws IOException {
    Map<String, List<String>> sequences = random(seed);
    Random random = new Random(seed);
    StringBuilder log = new StringBuilder("user,item,time\n");
    sequences.forEach((user, items) -> {
      long time = random.nextInt(1_000_000_000);
      for (String item : items) {
        time += 1 + random.nextInt(100_000_000);
        log.append("%s,%s,%d\n".formatted(user, item, time));
      }
    });
    Path file = Files.writeString(folder.resolve("log.csv"), log);
    ColumnsConfig columns =
        new ColumnsConfig("user", "item", "time", null, null, null, null, null, null, null, null);
    IngestConfig config =
        new IngestConfig(
            null,
            null,
            List.of(file),
            columns,
            TimeUnit.SECONDS,
            null,
            null,
            List.of(),
            1,
            1,
            30,
            0,
            "200MB");
    Map<String, Map<Period, List<String>>> split = ingest(config, LEAVE_ONE_OUT).split();
    sequences.forEach((user, items) ->
        assertThat(split.get(user)).as("seed %d, user %s", seed, user).isEqualTo(expected(items)));
  }

  /** What is fitted or counted for validation and test is equal whatever is held out. */
  @ParameterizedTest
  @ValueSource(longs = {6, 7, 8})
  void nothingThatIsCountedKnowsWhatIsHeldOut(long seed) throws IOException {
    Map<String, List<String>> sequences = random(seed);
    List<String> heldOut = new ArrayList<>();
    sequences.values().forEach(items -> heldOut.addAll(last(items)));
    Collections.shuffle(heldOut, new Random(seed));
    Map<String, List<String>> changed = new TreeMap<>();
    sequences.forEach((user, items) -> {
      int kept = items.size() - last(items).size();
      List<String> other = new ArrayList<>(items.subList(0, kept));
      while (other.size() < items.size()) {
        other.add(heldOut.removeLast());
      }
      changed.put(user, other);
    });
    Result one = ingest(sequences(write(sequences, 0)), LEAVE_ONE_OUT);
    Result other = ingest(sequences(write(changed, 0)), LEAVE_ONE_OUT);
    assertThat(one.column(TableSchema.ITEMS, "external_id"))
        .isEqualTo(other.column(TableSchema.ITEMS, "external_id"));
    assertThat(one.split()).isNotEqualTo(other.split());
    for (Function<Result, Object> known :
        List.<Function<Result, Object>>of(
            LeaveOneOutTest::neighbours, LeaveOneOutTest::counters, LeaveOneOutTest::fitted)) {
      assertThat(known.apply(one)).as("seed %d", seed).isEqualTo(known.apply(other));
    }
  }

  private static List<String> last(List<String> items) {
    return items.subList(Math.max(0, items.size() - 2), items.size());
  }

  /** Co-occurrence neighbours of every snapshot. */
  private static List<String> neighbours(Result result) {
    List<String> found = new ArrayList<>();
    try (RootAllocator allocator = new RootAllocator()) {
      int users = result.column(TableSchema.USERS, "user").size();
      int items = result.column(TableSchema.ITEMS, "item").size();
      Baskets baskets =
          Baskets.read(
              result.file(TableSchema.INTERACTIONS), Behavior.BUY, users, items, allocator);
      CoOccurrence.forEachSnapshot(
          baskets,
          result.periods().snapshotsMs(),
          new Item2ItemConfig.CoOccurrence(items, 1, 0.5, 0.8, 3, 0.25, 2, 1_000, null),
          1,
          1,
          (snapshot, best) -> {
            for (int item = 0; item < items; item++) {
              for (int rank = 0; rank < best.count(item); rank++) {
                found.add(
                    "%d %d %d %s"
                        .formatted(snapshot, item, best.other(item, rank), best.score(item, rank)));
              }
            }
          });
      assertThat(found).isNotEmpty();
      return found;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Popularity at the snapshots that validation and test requests are given. */
  private static Map<String, Float> counters(Result result) {
    SampleConfig config =
        new SampleConfig(
            Behavior.BUY, List.of(Behavior.BUY), 8, 1, 1, .5f, 30, TargetWeight.BASKET, null, null);
    Map<String, Float> counters = new TreeMap<>();
    try (RootAllocator allocator = new RootAllocator()) {
      int items = result.column(TableSchema.ITEMS, "item").size();
      try (History history = History.read(result.file(TableSchema.INTERACTIONS), items, allocator);
          Requests requests =
              Requests.of(history, result.periods(), Behavior.BUY, (_, _) -> true, allocator);
          Popularity popularity = Popularity.of(history, result.periods(), config, allocator)) {
        for (Period period : List.of(Period.VALIDATION, Period.TEST)) {
          for (int row : requests.rows(period)) {
            for (int item = 0; item < items; item++) {
              counters.put(period + " " + item, popularity.recent(requests.snapshot(row), item));
            }
          }
        }
      }
      return counters;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The items that codebooks are fitted on. */
  private static List<String> fitted(Result result) {
    try {
      List<String> ids = result.column(TableSchema.ITEMS, "external_id");
      List<String> seen = result.column(TableSchema.ITEMS, "first_seen_ms");
      List<String> fitted = new ArrayList<>();
      for (int item = 0; item < ids.size(); item++) {
        if (Long.parseLong(seen.get(item)) < result.periods().knownBeforeMs(Period.TEST)) {
          fitted.add(ids.get(item));
        }
      }
      return fitted;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCatalogueDescribesTheItemsThatItKnows() throws IOException {
    Path sequences = write(Map.of("u1", List.of("7", "8", "9")), 0);
    Path catalogue =
        Files.writeString(
            folder.resolve("items.jsonl"),
            """
            {"id": 7, "name": "Pen", "maker": "Acme", "path": ["Office", "Pens/Pencils"]}
            {"id": 8, "name": "Ink", "path": "Office/Ink"}
            {"id": 99, "name": "Never bought"}
            """);
    SequencesConfig config =
        new SequencesConfig(sequences, catalogue, "id", "name", "path", "maker");
    Result result = ingest(config(config), LEAVE_ONE_OUT);
    List<String> rows = new ArrayList<>();
    List<String> ids = result.column(TableSchema.ITEMS, "external_id");
    for (int item = 0; item < ids.size(); item++) {
      rows.add(
          "%s|%s|%s|%s"
              .formatted(
                  ids.get(item),
                  result.column(TableSchema.ITEMS, "title").get(item),
                  result.column(TableSchema.ITEMS, "category").get(item),
                  result.column(TableSchema.ITEMS, "shop").get(item)));
    }
    assertThat(rows)
        .containsExactlyInAnyOrder(
            "7|Pen|Office/Pens Pencils|Acme", "8|Ink|Office/Ink|null", "9|9|null|null");
    assertThatThrownBy(() ->
            ingest(
                config(new SequencesConfig(sequences, catalogue, "asin", null, null, null)),
                LEAVE_ONE_OUT))
        .hasMessageContaining("no column [asin], found the columns [id, name, maker, path]");
  }

  @Test
  void lineByLineWhatIsAmissIsCountedOrNamed() throws IOException {
    Path file = folder.resolve("sequences.txt");
    Files.writeString(file, "u1\ta b c\n\ta b\nu2\t \nno tab\nu3\ta\tb\n");
    IngestConfig lenient =
        new IngestConfig(
            null,
            new SequencesConfig(file, null, null, null, null, null),
            null,
            null,
            null,
            null,
            null,
            null,
            1,
            null,
            30,
            .9,
            "200MB");
    assertThat(ingest(lenient, LEAVE_ONE_OUT).refused())
        .containsEntry("unparsable_line", 2L)
        .containsEntry("missing_user", 2L)
        .containsEntry("missing_item", 1L);
    assertThatThrownBy(() -> ingest(sequences(file), LEAVE_ONE_OUT))
        .hasMessageContaining("2 of 8 rows cannot be read");
    Files.writeString(file, "u1\ta b c\nu1\td\n");
    assertThatThrownBy(() -> ingest(sequences(file), LEAVE_ONE_OUT))
        .hasMessageContaining("found 1 users on several, such as 'u1'");
    Files.writeString(file, "u1\ta b\nu2\tc d\n");
    assertThatThrownBy(() -> ingest(sequences(file), LEAVE_ONE_OUT))
        .hasMessageContaining("expects users with three requests or more");
    assertThatThrownBy(() -> ingest(sequences(file), BY_TIME))
        .hasMessageContaining("split.by: expected one of [LEAVE_ONE_OUT]");
  }

  private static void refused(@Nullable Path path, @Nullable SequencesConfig sequences) {
    new IngestConfig(
        path,
        sequences,
        List.of(Path.of("log.csv")),
        null,
        null,
        null,
        null,
        null,
        1,
        null,
        30,
        0,
        "1GB");
  }

  @Test
  void settingsThatContradictEachOtherAreRefused() {
    SequencesConfig sequences = new SequencesConfig(Path.of("s.txt"), null, null, null, null, null);
    assertThatThrownBy(() -> refused(null, sequences))
        .hasMessageStartingWith("paths: expected none beside sequences");
    assertThatThrownBy(() -> refused(Path.of("mall"), sequences))
        .hasMessageStartingWith("sequences: expected none beside folder");
    assertThatThrownBy(() -> new SequencesConfig(Path.of("s"), null, null, "t", null, null))
        .hasMessageStartingWith("catalogue: missing");
    assertThatThrownBy(
            () -> new SequencesConfig(Path.of("s"), Path.of("c"), null, null, null, null))
        .hasMessageStartingWith("catalogue: expected together with item");
    assertThatThrownBy(() -> new SplitConfig(SplitConfig.By.LEAVE_ONE_OUT, null, 3, null))
        .hasMessageStartingWith("test_days: expected only with by: time");
  }
}
