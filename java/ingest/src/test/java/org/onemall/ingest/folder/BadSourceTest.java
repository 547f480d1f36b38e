package org.onemall.ingest.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.onemall.ingest.Ingest;
import org.onemall.ingest.IngestConfig;
import org.onemall.ingest.folder.Defect.Outcome;
import org.onemall.ingest.source.TableCounts;
import org.onemall.shop.SplitConfig;
import org.onemall.table.TableSchema;

/** What is amiss in a source, row by row: the outcome that {@link Defect} promises, counted. */
class BadSourceTest {
  private static final SplitConfig SPLIT = new SplitConfig(SplitConfig.By.TIME, 2, 2, 1);
  private static final int VIDEO = SmallMall.PRODUCTS;
  private static final int ROOM = SmallMall.PRODUCTS + SmallMall.VIDEOS;

  @TempDir Path folder;

  /** A copy of the row with other values: column, value, column, value ... */
  private static @Nullable Object[] with(@Nullable Object[] row, @Nullable Object... changes) {
    @Nullable Object[] changed = row.clone();
    for (int i = 0; i < changes.length; i += 2) {
      changed[(Integer) Objects.requireNonNull(changes[i])] = changes[i + 1];
    }
    return changed;
  }

  private static Consumer<SmallMall> newItem(@Nullable Object... changes) {
    return mall -> mall.items.add(with(with(mall.items.get(VIDEO), 0, 99, 1, "x99"), changes));
  }

  private static Consumer<SmallMall> item(int item, @Nullable Object... changes) {
    return mall -> mall.items.set(item, with(mall.items.get(item), changes));
  }

  private static Consumer<SmallMall> newEvent(@Nullable Object... changes) {
    return mall ->
        mall.interactions.add(with(with(mall.interactions.get(3), 0, 5_000_000, 4, 0), changes));
  }

  private static Consumer<SmallMall> event(@Nullable Object... changes) {
    return mall -> mall.interactions.set(3, with(mall.interactions.get(3), changes));
  }

  private static Consumer<SmallMall> newState(@Nullable Object... changes) {
    return mall ->
        mall.roomStates.add(
            with(new @Nullable Object[] {ROOM, SmallMall.START + 77, new int[] {1}}, changes));
  }

  private static Arguments bad(Defect defect, Consumer<SmallMall> change) {
    return Arguments.of(defect, change);
  }

  static Stream<Arguments> sources() {
    String megabytes = "\u05d0\u202e".repeat(1 << 20);
    Consumer<SmallMall> neverOnAir =
        mall -> mall.roomStates.removeIf(row -> Objects.equals(row[0], ROOM));
    return Stream.of(
        bad(Defect.ITEMS__BROKEN_ID, newItem(0, -4)),
        bad(Defect.ITEMS__MISSING_EXTERNAL_ID, newItem(1, "  ")),
        bad(Defect.ITEMS__UNKNOWN_SCENARIO, newItem(2, "billboard")),
        bad(Defect.ITEMS__DUPLICATE_ID, newItem(0, 3, 1, "zzz")),
        bad(Defect.ITEMS__DUPLICATE_EXTERNAL_ID, newItem(1, "v" + VIDEO)),
        bad(Defect.ITEMS__MISSING_TITLE, item(1, 3, "  ")),
        bad(Defect.ITEMS__UNKNOWN_CATEGORY, item(1, 4, "Kitchen//mug")),
        bad(Defect.ITEMS__UNKNOWN_CATEGORY, item(1, 4, null)),
        bad(Defect.ITEMS__BROKEN_PRICE, item(1, 5, -3f)),
        bad(Defect.ITEMS__BROKEN_PRICE, item(1, 5, Float.NaN)),
        bad(Defect.ITEMS__LONG_TEXT, item(1, 3, megabytes)),
        bad(Defect.ITEMS__BROKEN_TEXT, item(1, 3, "a\0b")),
        bad(Defect.ITEMS__MISSING_PICTURE, item(1, 11, null)),
        bad(Defect.ITEMS__BROKEN_PICTURE_PATH, item(1, 11, List.of("a/../../b", "pictures/1.jpg"))),
        bad(Defect.ITEMS__UNKNOWN_PRODUCT, item(VIDEO + 1, 10, 77)),
        bad(Defect.ITEMS__UNKNOWN_PRODUCT, item(VIDEO + 1, 10, ROOM)),
        bad(Defect.ITEMS__MISPLACED_PRODUCT, item(ROOM, 10, 2)),
        bad(Defect.ITEMS__BROKEN_AVAILABILITY, item(1, 12, 500L, 13, 400L)),
        bad(Defect.ITEMS__NEVER_ON_AIR, neverOnAir),
        bad(
            Defect.USERS__BROKEN_ID,
            mall -> mall.users.add(with(mall.users.get(0), 0, -1, 1, "x"))),
        bad(
            Defect.USERS__MISSING_EXTERNAL_ID,
            mall -> mall.users.add(with(mall.users.get(0), 0, 50, 1, ""))),
        bad(Defect.USERS__DUPLICATE_ID, mall -> mall.users.add(with(mall.users.get(0), 1, "x"))),
        bad(
            Defect.USERS__DUPLICATE_EXTERNAL_ID,
            mall -> mall.users.add(with(mall.users.get(0), 0, 50))),
        bad(
            Defect.USERS__RARE_USER,
            mall -> mall.users.add(with(mall.users.get(0), 0, 50, 1, "idle"))),
        bad(Defect.INTERACTIONS__MISSING_REQUEST, newEvent(0, -1)),
        bad(Defect.INTERACTIONS__BROKEN_TIME, newEvent(3, -1L)),
        bad(Defect.INTERACTIONS__BROKEN_TIME, newEvent(3, SmallMall.START * 1_000)),
        bad(Defect.INTERACTIONS__BROKEN_POSITION, newEvent(4, -1)),
        bad(Defect.INTERACTIONS__UNKNOWN_BEHAVIOR, newEvent(5, 0)),
        bad(Defect.INTERACTIONS__UNKNOWN_BEHAVIOR, newEvent(5, 1 << 9)),
        bad(Defect.INTERACTIONS__UNKNOWN_USER, newEvent(1, 77)),
        bad(Defect.INTERACTIONS__UNKNOWN_ITEM, newEvent(2, 77)),
        bad(
            Defect.INTERACTIONS__DUPLICATE_EVENT,
            mall -> mall.interactions.add(mall.interactions.get(3))),
        bad(Defect.INTERACTIONS__BROKEN_QUANTITY, event(6, -1f)),
        bad(Defect.INTERACTIONS__BROKEN_AMOUNT, event(7, Float.POSITIVE_INFINITY)),
        bad(Defect.INTERACTIONS__EVENT_BEFORE_REQUEST, event(8, 5L)),
        bad(Defect.INTERACTIONS__BROKEN_WATCH, event(9, -5)),
        bad(Defect.INTERACTIONS__BROKEN_PROPENSITY, event(10, 1.5f)),
        bad(Defect.INTERACTIONS__UNKNOWN_PRODUCT, event(11, ROOM)),
        bad(
            Defect.INTERACTIONS__TIME_OUT_OF_ORDER,
            mall -> {
              @Nullable Object[] row = mall.interactions.get(3);
              mall.interactions.add(
                  with(row, 3, (Long) Objects.requireNonNull(row[3]) + 5, 4, 70, 8, null));
            }),
        bad(Defect.ROOM_STATES__BROKEN_TIME, newState(1, -1L)),
        bad(Defect.ROOM_STATES__NOT_A_ROOM, newState(0, 1)),
        bad(Defect.ROOM_STATES__NOT_A_ROOM, newState(0, 77)),
        bad(Defect.ROOM_STATES__DUPLICATE_STATE, newState().andThen(newState(2, new int[] {2}))),
        bad(Defect.ROOM_STATES__UNKNOWN_PRODUCT, newState(2, new int[] {1, 77, VIDEO})));
  }

  @Test
  void everyDefectIsInTheTable() {
    Stream<Object> seen = sources().map(arguments -> arguments.get()[0]);
    assertThat(
            Stream.concat(
                seen,
                Stream.of(Defect.INTERACTIONS__RARE_USER, Defect.ROOM_STATES__NOTHING_ON_SALE)))
        .contains((Object[]) Defect.values());
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("sources")
  void theRunGoesOnAndCountsOneDefect(Defect defect, Consumer<SmallMall> change) throws Exception {
    SmallMall clean = new SmallMall(1);
    SmallMall bad = new SmallMall(1);
    change.accept(bad);
    Path source = bad.write(folder.resolve("bad"), false);
    Map<String, TableCounts> before = tables(clean.write(folder.resolve("clean"), false), 0);
    Map<String, TableCounts> found = tables(source, .5);
    found.forEach((table, counts) -> {
      for (Outcome outcome : Outcome.values()) {
        Map<String, Long> expected =
            new HashMap<>(of(Objects.requireNonNull(before.get(table)), outcome));
        if (defect.table().table().equals(table) && defect.outcome() == outcome) {
          expected.merge(defect.key(), 1L, Long::sum);
        }
        assertThat(of(counts, outcome)).as("%s, %s", table, outcome).isEqualTo(expected);
      }
    });
    if (defect.outcome() == Outcome.REFUSED) {
      assertThatThrownBy(() -> tables(source, 0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(defect.table().table())
          .hasMessageContaining(defect.key() + " 1")
          .hasMessageContaining("maximum_broken_share 0.0");
    }
  }

  private static Map<String, Long> of(TableCounts counts, Outcome outcome) {
    return switch (outcome) {
      case REFUSED -> counts.refused();
      case LEFT_OUT -> counts.leftOut();
      case REPAIRED -> counts.repaired();
    };
  }

  private Map<String, TableCounts> tables(Path source, double broken) throws IOException {
    try (RootAllocator allocator = new RootAllocator();
        Ingest ingest = ingest(source, broken, allocator)) {
      return Objects.requireNonNull(ingest.funnel().tables());
    }
  }

  private Ingest ingest(Path source, double broken, RootAllocator allocator) throws IOException {
    IngestConfig config =
        new IngestConfig(
            source, null, null, null, null, null, null, null, 1, null, 30, broken, "200MB");
    return new Ingest(config, SPLIT, 7, Files.createTempDirectory(folder, "scratch"), allocator);
  }

  private List<@Nullable Object[]> items(SmallMall mall) throws Exception {
    Path source = mall.write(Files.createTempDirectory(folder, "source"), false);
    try (RootAllocator allocator = new RootAllocator();
        Ingest ingest = ingest(source, 0, allocator)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ingest.writeItems(out, allocator);
      List<@Nullable Object[]> rows =
          SourceTables.read(
              TableSchema.ITEMS, Files.write(folder.resolve("items.arrow"), out.toByteArray()));
      List<@Nullable Object[]> bySource = new ArrayList<>();
      for (@Nullable Object[] wanted : mall.items) {
        bySource.add(
            rows.stream().filter(row -> Objects.equals(row[1], wanted[1])).findAny().orElseThrow());
      }
      return bySource;
    }
  }

  @Test
  void hostileTextIsCutBetweenCharactersAndKept() throws Exception {
    SmallMall mall = new SmallMall(2);
    item(0, 3, "\ud83d\ude00".repeat(100_000)).accept(mall);
    item(1, 3, "\u202eright to left \u05d0\u0301\0end").accept(mall);
    item(2, 3, "'; DROP TABLE items; --").accept(mall);
    List<@Nullable Object[]> items = items(mall);
    String cut = String.valueOf(items.get(0)[3]);
    assertThat(cut.getBytes(StandardCharsets.UTF_8)).hasSizeBetween((1 << 16) - 4, 1 << 16);
    assertThat(cut).matches("(\ud83d\ude00)+");
    assertThat(items.get(1)[3]).isEqualTo("\u202eright to left \u05d0\u0301 end");
    assertThat(items.get(2)[3]).isEqualTo("'; DROP TABLE items; --");
  }

  @Test
  void anUnknownProductLeavesAVideoWithoutOneAndARoomWithTheRest() throws Exception {
    SmallMall mall = new SmallMall(3);
    item(VIDEO, 10, 77).accept(mall);
    assertThat(items(mall).get(VIDEO)[10]).isNull();
    mall.roomStates.clear();
    newState(2, new int[] {77})
        .andThen(newState(1, 99L, 2, new int[] {77, 4, VIDEO, 5}))
        .accept(mall);
    Path source = mall.write(folder.resolve("rooms"), false);
    try (RootAllocator allocator = new RootAllocator();
        Ingest ingest = ingest(source, 0, allocator)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ingest.writeRoomStates(out, allocator);
      List<@Nullable Object[]> rows =
          SourceTables.read(
              TableSchema.ROOM_STATES,
              Files.write(folder.resolve("room_states.arrow"), out.toByteArray()));
      assertThat(rows.stream().map(row -> ((List<?>) Objects.requireNonNull(row[2])).size()))
          .containsExactly(2, 0);
      Map<String, Long> repaired =
          Objects.requireNonNull(
                  Objects.requireNonNull(ingest.funnel().tables()).get("room_states"))
              .repaired();
      assertThat(repaired)
          .containsEntry("unknown_product", 2L)
          .containsEntry("nothing_on_sale", 1L);
    }
  }

  @Test
  void aWrongColumnIsNamedWithWhatWasExpected() throws Exception {
    Path source = new SmallMall(4).write(folder.resolve("source"), true);
    SourceTables.sql(
        "COPY (SELECT 1 AS item, 'a' AS external_id, 'product_card' AS scenario, 5 AS title, 1.5 AS price) TO '%s'"
            .formatted(source.resolve("items.parquet")));
    assertThatThrownBy(() -> tables(source, 0))
        .hasMessageContaining("items.parquet: column title: expected text (utf8), found INTEGER")
        .hasMessageContaining("arrow-schemas/tables/items.json");
    SourceTables.sql(
        "COPY (SELECT 1 AS item, 'a' AS external_id, 'product_card' AS scenario) TO '%s'"
            .formatted(source.resolve("items.parquet")));
    assertThatThrownBy(() -> tables(source, 0))
        .hasMessageContaining("items.parquet: no column title (text (utf8)); add it");
    Path arrow = new SmallMall(5).write(folder.resolve("arrow"), false);
    Files.copy(arrow.resolve("users.arrow"), arrow.resolve("interactions/3.arrow"));
    assertThatThrownBy(() -> tables(arrow, 0))
        .hasMessageContaining(
            "3.arrow: no column request (a whole number (int32 or int64)); add it");
    Files.writeString(arrow.resolve("interactions/3.arrow"), "no table at all");
    assertThatThrownBy(() -> tables(arrow, 0))
        .hasMessageContaining("3.arrow: expected an Arrow IPC file, but it cannot be read");
    Files.delete(arrow.resolve("interactions/3.arrow"));
    Files.writeString(arrow.resolve("users.parquet"), "PAR1");
    assertThatThrownBy(() -> tables(arrow, 0))
        .hasMessageContaining("found both; remove one of them");
  }

  @Test
  void settingsOfALogAndAFolderDoNotMix() {
    assertThatThrownBy(() ->
            new IngestConfig(
                Path.of("a"),
                null,
                List.of(Path.of("b")),
                null,
                null,
                null,
                null,
                null,
                1,
                null,
                30,
                0,
                "1GB"))
        .hasMessageStartingWith("paths: expected none beside folder");
    assertThatThrownBy(() ->
            new IngestConfig(null, null, null, null, null, null, null, null, 1, null, 30, 0, "1GB"))
        .hasMessageContaining("folder (a source folder");
    assertThatThrownBy(() ->
            new IngestConfig(
                null,
                null,
                List.of(Path.of("b")),
                null,
                null,
                null,
                null,
                null,
                1,
                null,
                30,
                0,
                "1GB"))
        .hasMessageStartingWith("columns: missing");
  }
}
