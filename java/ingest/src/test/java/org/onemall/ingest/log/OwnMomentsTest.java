package org.onemall.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.ingest.IngestConfig;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;
import org.onemall.shop.SplitConfig;

/** A log whose request ids hold what happened later, too: each behavior counts from its moment. */
class OwnMomentsTest {
  private static final SplitConfig SPLIT = new SplitConfig(SplitConfig.By.TIME, 2, 2, 2);
  private static final SplitConfig LEAVE_ONE_OUT =
      new SplitConfig(SplitConfig.By.LEAVE_ONE_OUT, null, null, null);
  private static final Map<String, Behavior> BEHAVIORS =
      Map.of(
          "view", Behavior.EXPOSURE,
          "click", Behavior.CLICK,
          "cart", Behavior.CART,
          "buy", Behavior.BUY);
  private static final int GAP_MINUTES = 30;
  private static final long MINUTE_MS = 60_000;

  @TempDir Path folder;

  /** One interaction of the table. */
  private record Row(int request, int user, long timeMs, int behaviors, @Nullable Long eventMs) {}

  private IngestedLog ingest(List<String> lines, SplitConfig split) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("log.csv"),
            "request,user,item,what,time\n" + String.join("\n", lines) + "\n");
    ColumnsConfig columns =
        new ColumnsConfig(
            "user", "item", "time", "request", null, null, null, null, null, "what", null);
    IngestConfig config = LogIngestTest.config(file, columns, BEHAVIORS, 1, 1, 0);
    assertThat(config.requestGapMinutes()).isEqualTo(GAP_MINUTES);
    return IngestedLog.of(config, split, 7, folder);
  }

  private static List<Row> rows(IngestedLog log) {
    return log.interactions().stream()
        .map(row -> row.split("\\|"))
        .map(OwnMomentsTest::row)
        .toList();
  }

  private static Row row(String[] values) {
    return new Row(
        Integer.parseInt(values[0]),
        Integer.parseInt(values[1]),
        Long.parseLong(values[3]),
        Integer.parseInt(values[5]),
        values[8].equals("null") ? null : Long.valueOf(values[8]));
  }

  private static long ms(String time) {
    return Instant.parse("2024-01-" + time + ":00Z").toEpochMilli();
  }

  private static String line(String request, String user, String item, String what, String time) {
    return "%s,%s,%s,%s,2024-01-%s:00".formatted(request, user, item, what, time);
  }

  @Test
  void anOrderDaysAfterItsClickIsARequestOfItsOwn() throws IOException {
    IngestedLog log =
        ingest(
            List.of(
                line("s1", "u", "a", "view", "01T10:00"),
                line("s1", "u", "a", "click", "01T10:05"),
                line("s1", "u", "b", "view", "01T10:06"),
                line("s1", "u", "a", "buy", "04T09:00"),
                line("s2", "u", "b", "view", "12T00:00")),
            SPLIT);
    assertThat(rows(log))
        .containsExactly(
            new Row(0, 0, ms("01T10:00"), 1 | 2, null),
            new Row(0, 0, ms("01T10:00"), 1, ms("01T10:06")),
            new Row(1, 0, ms("04T09:00"), 16, null),
            new Row(2, 0, ms("12T00:00"), 1, null));
    assertThat(log.funnel()).contains("\"requests\" : 3").contains("\"requests_split\" : 1");
  }

  @Test
  void anotherRequestInBetweenEndsARequest() throws IOException {
    List<Row> rows =
        rows(
            ingest(
                List.of(
                    line("s1", "u", "a", "click", "01T10:00"),
                    line("s2", "u", "b", "click", "01T10:01"),
                    line("s1", "u", "a", "buy", "01T10:02"),
                    line("s3", "v", "a", "click", "01T10:00"),
                    line("s4", "w", "a", "click", "01T10:01"),
                    line("s3", "v", "a", "buy", "01T10:02"),
                    line("s5", "v", "b", "view", "12T00:00")),
                SPLIT));
    assertThat(rows).extracting(Row::behaviors).containsExactlyInAnyOrder(3, 3, 16, 19, 3, 1);
  }

  @Test
  void whatHappensTwiceCountsTwiceAndWhatIsImpliedOnce() throws IOException {
    List<Row> rows =
        rows(
            ingest(
                List.of(
                    line("s1", "u", "a", "buy", "01T10:00"),
                    line("s1", "u", "a", "click", "02T10:00"),
                    line("s1", "u", "a", "buy", "03T10:00"),
                    line("s1", "u", "b", "buy", "03T10:00"),
                    line("s2", "u", "b", "view", "12T00:00")),
                SPLIT));
    assertThat(rows)
        .extracting(Row::behaviors)
        .startsWith(1 | 2 | 16, 2)
        .endsWith(1)
        .containsExactlyInAnyOrder(1 | 2 | 16, 2, 16, 1 | 2 | 16, 1);
  }

  @Test
  void requestsInOrderKeepTheirDelays() throws IOException {
    List<Row> rows =
        rows(
            ingest(
                List.of(
                    line("s1", "u", "a", "view", "01T10:00"),
                    line("s1", "u", "b", "view", "01T10:06"),
                    line("s2", "u", "b", "view", "02T00:00"),
                    line("s3", "u", "c", "view", "03T00:00"),
                    line("s4", "u", "a", "view", "04T00:00")),
                LEAVE_ONE_OUT));
    assertThat(rows).hasSize(5);
    assertThat(rows.get(1).eventMs()).isEqualTo(rows.getFirst().timeMs() + 6 * MINUTE_MS);
  }

  /** Against a walk over each user's events: nothing of a request is later than the user's next. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomLogsAgreeWithAWalk(long seed) throws IOException {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    Map<String, TreeMap<Long, Set<String>>> moments = new HashMap<>();
    long start = ms("01T00:00");
    for (int event = 0; event < 600; event++) {
      String user = "u" + random.nextInt(4);
      String request = "s" + random.nextInt(40);
      long minute = random.nextInt(600) + (random.nextInt(5) == 0 ? 1440L * random.nextInt(12) : 0);
      String what = List.of("view", "click", "cart", "buy").get(random.nextInt(4));
      long at = start + minute * MINUTE_MS;
      lines.add(
          "%s,%s,i%d,%s,%s"
              .formatted(request, user, random.nextInt(9), what, Instant.ofEpochMilli(at)));
      moments
          .computeIfAbsent(user, _ -> new TreeMap<>())
          .computeIfAbsent(at, _ -> new TreeSet<>())
          .add(request);
    }
    IngestedLog log = ingest(lines, SPLIT);
    Set<Long> expected = new HashSet<>();
    int requests = 0;
    for (TreeMap<Long, Set<String>> of : moments.values()) {
      List<Long> starts = starts(of);
      requests += starts.size();
      expected.addAll(starts);
    }
    List<Row> rows = rows(log);
    assertThat(rows.stream().map(Row::timeMs)).as("seed %d", seed).hasSameElementsAs(expected);
    assertThat(rows.stream().map(Row::request).distinct()).as("seed %d", seed).hasSize(requests);
    assertNothingLaterThanTheNextRequest(rows, "seed " + seed);
  }

  /** When the requests of one user begin. */
  private static List<Long> starts(NavigableMap<Long, Set<String>> moments) {
    List<Long> starts = new ArrayList<>();
    Map<String, Long> latest = new HashMap<>();
    for (Map.Entry<Long, Set<String>> at : moments.entrySet()) {
      for (String request : at.getValue()) {
        Long before = latest.put(request, at.getKey());
        boolean goesOn =
            before != null
                && at.getKey() - before <= GAP_MINUTES * MINUTE_MS
                && moments.subMap(before, false, at.getKey(), true).values().stream()
                    .allMatch(others -> others.equals(Set.of(request)));
        if (!goesOn) {
          starts.add(at.getKey());
        }
      }
    }
    return starts;
  }

  private static void assertNothingLaterThanTheNextRequest(List<Row> rows, String as) {
    Map<Integer, TreeSet<Long>> starts = new HashMap<>();
    rows.forEach(row -> starts.computeIfAbsent(row.user(), _ -> new TreeSet<>()).add(row.timeMs()));
    for (Row row : rows) {
      if (row.eventMs() != null) {
        Long next = Objects.requireNonNull(starts.get(row.user())).higher(row.timeMs());
        assertThat(row.eventMs()).as(as).isGreaterThan(row.timeMs());
        assertThat(row.eventMs()).as(as).isLessThan(next == null ? Long.MAX_VALUE : next);
        assertThat(row.eventMs() - row.timeMs()).as(as).isLessThan(20 * Periods.DAY_MS);
      }
    }
  }
}
