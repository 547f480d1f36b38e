package org.onemall.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.ingest.IngestConfig;
import org.onemall.ingest.log.LogConfig.TimeUnit;
import org.onemall.shop.Behavior;
import org.onemall.shop.SplitConfig;

class LogIngestTest {
  private static final String HEADER = "invoice,item,title,quantity,time,price,user\n";
  private static final SplitConfig SPLIT = new SplitConfig(SplitConfig.By.TIME, 28, 28, 28);

  @TempDir Path folder;

  static final ColumnsConfig COLUMNS =
      new ColumnsConfig(
          "user", "item", "time", "invoice", "title", "price", "quantity", null, null, null, null);

  static IngestConfig config(Path path, String... excluded) {
    return config(path, COLUMNS, null, 1, 1, .01, excluded);
  }

  static IngestConfig config(
      Path path,
      ColumnsConfig columns,
      @Nullable Map<String, Behavior> behaviors,
      int userRequests,
      int itemRequests,
      double broken,
      String... excluded) {
    return new IngestConfig(
        null,
        null,
        List.of(path),
        columns,
        TimeUnit.TEXT,
        null,
        behaviors,
        List.of(excluded),
        userRequests,
        itemRequests,
        30,
        broken,
        "200MB");
  }

  private IngestedLog ingest(IngestConfig config) throws IOException {
    return ingest(config, 7);
  }

  private IngestedLog ingest(IngestConfig config, long seed) throws IOException {
    return IngestedLog.of(config, SPLIT, seed, folder);
  }

  private Path csv(String... lines) throws IOException {
    return Files.writeString(
        folder.resolve("events.csv"), HEADER + String.join("\n", lines) + "\n");
  }

  /** Events that stretch the log to 200 days, so that it can be split. */
  private static final String FIRST = "i0,a,Apple,1,2024-01-01 00:00:00,1.5,u1";

  private static final String LAST = "i9,b,Pear,2,2024-07-19 00:00:00,2.25,u2";

  @Test
  void everyRowThatDoesNotCountIsRefusedByReason() throws IOException {
    Path file =
        csv(
            FIRST,
            "i1,a,Apple,1,2024-02-01 00:00:00,1.5,", // no user
            "i1,,Apple,1,2024-02-01 00:00:00,1.5,u1", // no item
            ",a,Apple,1,2024-02-01 00:00:00,1.5,u1", // no request
            "i1,a,Apple,1,soon,1.5,u1", // time
            "i1,a,Apple,one,2024-02-01 00:00:00,1.5,u1", // quantity
            "i1,a,Apple,1,2024-02-01 00:00:00,cheap,u1", // price
            "i1,POST,Postage,1,2024-02-01 00:00:00,18,u1", // not a product
            "i1,a,Apple,-1,2024-02-01 00:00:00,1.5,u1", // return
            "i1,a,Apple,1,2024-02-01 00:00:00,0,u1", // free
            "i1,a,Apple,1,2024-02-01 00:00:00", // too few fields
            "i1,a,Apple,1,2024-02-01 00:00:00,1.5,u1,more", // too many fields
            LAST);
    IngestedLog result = ingest(config(file, COLUMNS, null, 1, 1, .9, "POST"));
    assertThat(result.funnel())
        .contains("\"rows_read\" : 13")
        .contains("\"interactions\" : 2")
        .contains("\"unparsable_line\" : 2")
        .contains("\"excluded_item\" : 1")
        .contains("\"return\" : 1")
        .contains("\"no_price\" : 1")
        .contains("\"one_request_users\" : 2")
        .contains("\"rare_item\" : 0");
    for (String reason :
        List.of(
            "missing_user",
            "missing_item",
            "missing_request",
            "broken_time",
            "broken_quantity",
            "broken_price")) {
      assertThat(result.funnel()).contains("\"" + reason + "\" : 1");
    }
    assertThatThrownBy(() -> ingest(config(file)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("5 of 13 rows cannot be read")
        .hasMessageContaining("broken_time 1 (such as 'soon')")
        .hasMessageContaining("broken_price 1 (such as 'cheap')")
        .hasMessageContaining("maximum_broken_share 0.01");
  }

  @Test
  void oneInvoiceIsOneRequestAndRepeatedProductsAreMerged() throws IOException {
    IngestedLog result =
        ingest(
            config(
                csv(
                    FIRST,
                    "i1,a,Apple,2,2024-02-01 10:05:00,1.5,u1",
                    "i1,b,Pear,1,2024-02-01 10:06:00,2,u1",
                    "i1,a,Apple,3,2024-02-01 10:06:00,1.25,u1",
                    LAST)));
    assertThat(result.funnel()).contains("\"rows_merged\" : 1").contains("\"requests\" : 3");
    long moment = 1706781900000L;
    List<String> second = result.interactions().stream().filter(r -> r.startsWith("1|")).toList();
    assertThat(second).hasSize(2);
    assertThat(second.toString())
        .contains("|0|0|%d|1|19|1.0|2.0|%d|".formatted(moment, moment + 60_000))
        .contains("|%d|0|19|5.0|6.75|null|".formatted(moment));
    int all = Behavior.EXPOSURE.bit() | Behavior.CLICK.bit() | Behavior.BUY.bit();
    assertThat(result.interactions()).allMatch(r -> r.contains("|" + all + "|"));
  }

  @Test
  void anItemIsDescribedByWhatWasKnownBeforeValidation() throws IOException {
    IngestedLog result =
        ingest(
            config(
                csv(
                    FIRST,
                    "i1,a,Red apple,1,2024-02-01 00:00:00,3,u1",
                    "i2,a,Golden apple,1,2024-07-01 00:00:00,9,u1",
                    "i3,a,Golden apple,1,2024-07-02 00:00:00,9,u2",
                    "i4,a,Golden apple,1,2024-07-03 00:00:00,9,u1",
                    "i2,c,Plum,1,2024-07-01 00:00:00,4,u1",
                    "i3,c,Big plum,1,2024-07-02 00:00:00,5,u2",
                    "i4,c,Big plum,1,2024-07-03 00:00:00,5,u1",
                    LAST)));
    assertThat(result.items().toString())
        .contains("|a|product_card|Apple|null|1.5|null|" + 1704067200000L)
        .contains("|c|product_card|Plum|null|4.0|null|")
        .contains("|b|product_card|Pear|null|2.25|");
  }

  /** Also not by numbering: what is fitted to the first rows of a table mustn't know the rest. */
  @Test
  void whatComesAfterASplitChangesNothingBeforeIt() throws IOException {
    long seed = System.nanoTime();
    List<String> lines = randomLines(new Random(seed), 2_000);
    List<String> others = new ArrayList<>();
    for (String line : randomLines(new Random(~seed), 2_000)) {
      others.add(line.replaceFirst(",p(\\d)", ",p9$1").replaceFirst(",u(\\d)", ",u9$1"));
    }
    String last = "i9999,p0,Pear,2,2024-07-19 00:00:00,2.25,u0";
    for (String cut : List.of("2024-05-24", "2024-06-21")) {
      List<String> one = new ArrayList<>(lines);
      List<String> other = new ArrayList<>(lines.stream().filter(l -> before(l, cut)).toList());
      others.stream().filter(l -> !before(l, cut)).forEach(other::add);
      one.add(last);
      other.add(last);
      IngestedLog found = ingest(config(csv(one.toArray(String[]::new))));
      IngestedLog expected = ingest(config(csv(other.toArray(String[]::new))));
      long moment = java.time.Instant.parse(cut + "T00:00:00Z").toEpochMilli();
      assertThat(found.periods()).isEqualTo(expected.periods());
      assertThat(moment).isIn(found.periods().validationFromMs(), found.periods().testFromMs());
      String as = "seed %d, before %s".formatted(seed, cut);
      assertThat(found.items()).as(as).isNotEqualTo(expected.items());
      List<String> known = rowsBefore(found.interactions(), 3, moment);
      assertThat(known).as(as).isEqualTo(rowsBefore(expected.interactions(), 3, moment));
      assertThat(rowsBefore(found.items(), 7, moment))
          .as(as)
          .isEqualTo(rowsBefore(expected.items(), 7, moment))
          .isEqualTo(found.items().subList(0, rowsBefore(found.items(), 7, moment).size()));
      int users = (int) known.stream().map(row -> row.split("\\|")[1]).distinct().count();
      assertThat(found.users().subList(0, users))
          .as(as)
          .isEqualTo(expected.users().subList(0, users));
    }
  }

  private static boolean before(String line, String day) {
    return line.replaceFirst(".*,(\\d{4}-\\d\\d-\\d\\d) .*", "$1").compareTo(day) < 0;
  }

  private static List<String> rowsBefore(List<String> rows, int column, long moment) {
    return rows.stream().filter(row -> Long.parseLong(row.split("\\|")[column]) < moment).toList();
  }

  @Test
  void whatALogSeesFirstInAPeriodCanBeHadFromItsStartOn() throws IOException {
    IngestedLog result =
        ingest(
            config(
                csv(
                    FIRST,
                    "i1,c,Plum,1,2024-05-24 00:00:00,4,u1",
                    "i2,d,Date,1,2024-06-20 23:59:00,4,u1",
                    LAST)));
    long validation = result.periods().validationFromMs();
    long test = result.periods().testFromMs();
    assertThat(result.items()).hasSize(4);
    assertThat(result.items().get(0)).startsWith("0|a|").endsWith("|null|null");
    assertThat(result.items().subList(1, 3))
        .allSatisfy(row -> assertThat(row).endsWith("|%d|null".formatted(validation)));
    assertThat(result.items().get(3)).startsWith("3|b|").endsWith("|%d|null".formatted(test));
  }

  @Test
  void rareItemsAndUsersAreLeftOut() throws IOException {
    Path file =
        csv(
            FIRST,
            "i1,a,Apple,1,2024-02-01 00:00:00,1.5,u1",
            "i2,a,Apple,1,2024-03-01 00:00:00,1.5,u3",
            LAST,
            "i8,a,Apple,1,2024-07-18 00:00:00,1.5,u1");
    IngestedLog result = ingest(config(file, COLUMNS, null, 2, 2, .01));
    assertThat(result.funnel())
        .contains("\"rare_item\" : 1")
        .contains("\"rare_user\" : 1")
        .contains("\"interactions\" : 3");
  }

  @Test
  void behaviorsOfOneRequestAreMerged() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("ub.csv"),
            """
            user;item;what;time
            u1;a;pv;2024-01-01T00:00:00Z
            u1;b;pv;2024-01-01T00:00:00Z
            u1;a;fav;2024-01-01T00:00:00Z
            u1;b;stolen;2024-01-01T00:00:00Z
            u1;a;buy;2024-07-01T00:00:00Z
            """);
    ColumnsConfig columns =
        new ColumnsConfig("user", "item", "time", null, null, null, null, null, null, "what", null);
    Map<String, Behavior> behaviors =
        Map.of("pv", Behavior.CLICK, "fav", Behavior.LIKE, "buy", Behavior.BUY);
    IngestedLog result = ingest(config(file, columns, behaviors, 1, 1, .01));
    assertThat(result.funnel()).contains("\"unknown_behavior\" : 1");
    assertThat(result.interactions().toString())
        .contains("|35|2.0|0.0")
        .contains("|3|1.0|")
        .contains("|19|1.0|");
    assertThat(result.items().toString()).contains("|a|product_card|a|null|0.0|");
  }

  /** Rows that look like a shop's log; repeatable. */
  private static List<String> randomLines(Random random, int rows) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      int invoice = random.nextInt(rows / 5);
      int day = invoice * 180 / (rows / 5);
      lines.add(
          "i%d,p%d,\"Title, %d\",%d,%s %02d:%02d:00,%d.%02d,u%d"
              .formatted(
                  invoice,
                  random.nextInt(40),
                  random.nextInt(3),
                  random.nextInt(12) - 1,
                  java.time.LocalDate.of(2024, 1, 1).plusDays(day),
                  invoice % 24,
                  random.nextInt(3),
                  random.nextInt(20),
                  random.nextInt(100),
                  invoice % 17));
    }
    return lines;
  }

  @Test
  void orderOfRowsAndFormatOfFilesDoNotMatter() throws Exception {
    long seed = System.nanoTime();
    List<String> lines = randomLines(new Random(seed), 2_000);
    Path csv = csv(lines.toArray(String[]::new));
    IngestedLog expected = ingest(config(csv));
    Path parquet = folder.resolve("events.parquet");
    Path json = folder.resolve("events.jsonl");
    convert(csv, parquet);
    convert(csv, json);
    for (Path other : List.of(parquet, json)) {
      IngestedLog found = ingest(config(other));
      assertThat(found.funnel()).as("%s, seed %d", other, seed).isEqualTo(expected.funnel());
      assertThat(found.periods()).isEqualTo(expected.periods());
      assertThat(found.interactions()).as("seed %d", seed).isEqualTo(expected.interactions());
      assertSameBytes(found, expected, seed);
    }
    Collections.shuffle(lines, new Random(seed));
    assertSameBytes(ingest(config(csv(lines.toArray(String[]::new)))), expected, seed);
    assertThat(ingest(config(csv), 8).items()).isNotEqualTo(expected.items());
  }

  private static void assertSameBytes(IngestedLog found, IngestedLog expected, long seed) {
    for (int i = 0; i < 3; i++) {
      assertThat(Arrays.equals(found.bytes().get(i), expected.bytes().get(i)))
          .as("same bytes of table %d, seed %d", i, seed)
          .isTrue();
    }
  }

  static void convert(Path csv, Path to) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("COPY (FROM read_csv('%s')) TO '%s'".formatted(csv, to));
    }
  }

  @Test
  void interactionsAreSortedAndDense() throws IOException {
    long seed = System.nanoTime();
    IngestedLog result =
        ingest(config(csv(randomLines(new Random(seed), 3_000).toArray(String[]::new))));
    Map<Integer, Long> requestTimes = new HashMap<>();
    long[] before = {-1, -1, -1, -1};
    for (String row : result.interactions()) {
      String[] cells = row.split("\\|");
      long[] key = {
        Long.parseLong(cells[1]),
        Long.parseLong(cells[3]),
        Long.parseLong(cells[0]),
        Long.parseLong(cells[4])
      };
      assertThat(Arrays.compare(before, key)).as("seed %d, row %s", seed, row).isNegative();
      assertThat(key[3]).isEqualTo(before[2] == key[2] ? before[3] + 1 : 0);
      requestTimes.put((int) key[2], key[1]);
      before = key;
    }
    for (int r = 1; r < requestTimes.size(); r++) {
      assertThat(requestTimes.get(r)).isGreaterThanOrEqualTo(requestTimes.get(r - 1));
    }
    for (int i = 0; i < result.items().size(); i++) {
      assertThat(result.items().get(i)).startsWith(i + "|");
    }
  }

  @Test
  void badFilesAreNamedWithWhatToDo() throws IOException {
    Path whole = csv(FIRST, LAST);
    refused(folder.resolve("none.csv"), "no such file");
    refused(Files.writeString(folder.resolve("empty.csv"), ""), "the file is empty");
    refused(Files.writeString(folder.resolve("header.csv"), HEADER), "a header but no rows");
    refused(Files.writeString(folder.resolve("notes.doc"), "x"), "expected a name that ends in");
    refused(
        Files.writeString(folder.resolve("other.csv"), "user,sku,time\nu,a,2024-01-01\n"),
        "no column [item, invoice, title, price, quantity], found the columns [user, sku, time]");
    refused(
        Files.writeString(folder.resolve("cut.csv"), Files.readString(whole).substring(0, 72)),
        "cut off: the last line has 5 of 7 fields");
    refused(Files.writeString(folder.resolve("text.csv.gz"), "hello"), "not a readable gz file");
    refused(Files.writeString(folder.resolve("text.parquet"), "hello"), "expected Parquet");
    Path gz = folder.resolve("events.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
      for (String line : randomLines(new Random(1), 500)) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    byte[] bytes = Files.readAllBytes(gz);
    refused(
        Files.write(folder.resolve("half.csv.gz"), Arrays.copyOf(bytes, bytes.length / 2)),
        "cut off: the gz data end in the middle");
    refused(csv(FIRST), "expected more than 56 days of events");
    refused(csv("i0,a,Apple,-1,2024-01-01 00:00:00,1.5,u1"), "every row is refused");
  }

  private void refused(Path file, String message) {
    assertThatThrownBy(() -> ingest(config(file))).hasMessageContaining(message);
  }
}
