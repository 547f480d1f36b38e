package org.onemall.ingest.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.ingest.Funnel;
import org.onemall.ingest.Funnel.ScenarioCounts;
import org.onemall.ingest.Ingest;
import org.onemall.ingest.IngestConfig;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;
import org.onemall.shop.SplitConfig;
import org.onemall.table.TableSchema;

class FolderIngestTest {
  private static final SplitConfig SPLIT = new SplitConfig(SplitConfig.By.TIME, 2, 2, 1);

  @TempDir Path folder;

  private static IngestConfig config(Path source, double broken, int userRequests) {
    return new IngestConfig(
        source, null, null, null, null, null, null, null, userRequests, null, 30, broken, "200MB");
  }

  /** What ingest made of a folder. */
  private record Result(Path at, Funnel funnel, Periods periods) {
    List<@Nullable Object[]> rows(TableSchema table) throws IOException {
      return SourceTables.read(table, at.resolve(table.table() + ".arrow"));
    }
  }

  private Result ingest(Path source) throws IOException {
    return ingest(config(source, 0, 1));
  }

  private Result ingest(IngestConfig config) throws IOException {
    Path out = Files.createTempDirectory(folder, "out");
    try (RootAllocator allocator = new RootAllocator();
        Ingest ingest =
            new Ingest(config, SPLIT, 7, Files.createDirectory(out.resolve("scratch")), allocator);
        OutputStream items = Files.newOutputStream(out.resolve("items.arrow"));
        OutputStream users = Files.newOutputStream(out.resolve("users.arrow"));
        OutputStream interactions = Files.newOutputStream(out.resolve("interactions.arrow"));
        OutputStream states = Files.newOutputStream(out.resolve("room_states.arrow"))) {
      ingest.writeItems(items, allocator);
      ingest.writeUsers(users, allocator);
      ingest.writeInteractions(interactions, allocator);
      ingest.writeRoomStates(states, allocator);
      return new Result(out, ingest.funnel(), ingest.periods());
    }
  }

  private Path write(SmallMall mall, boolean parquet) throws Exception {
    return mall.write(Files.createTempDirectory(folder, "source"), parquet);
  }

  /** Dense id by the source's, over external ids. */
  private static Map<Object, Object> denseIds(
      List<@Nullable Object[]> source, List<@Nullable Object[]> found) {
    Map<Object, Object> byExternal = new HashMap<>();
    found.forEach(row -> byExternal.put(row[1], row[0]));
    Map<Object, Object> dense = new HashMap<>();
    source.forEach(row -> dense.put(row[0], byExternal.getOrDefault(row[1], "none")));
    return dense;
  }

  private static @Nullable Object mapped(Map<Object, Object> ids, @Nullable Object id) {
    return id == null ? null : ids.get(id);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aCleanSourceComesThroughUnderNewIds(long seed) throws Exception {
    SmallMall mall = new SmallMall(seed);
    Result result = ingest(write(mall, false));
    List<@Nullable Object[]> items = result.rows(TableSchema.ITEMS);
    Map<Object, Object> itemIds = denseIds(mall.items, items);
    Map<Object, Object> userIds = denseIds(mall.users, result.rows(TableSchema.USERS));
    assertThat(new HashSet<>(itemIds.values())).hasSize(SmallMall.ITEMS);
    assertThat(itemIds).as("ids are mixed").isNotEqualTo(denseIds(items, items));
    for (@Nullable Object[] row : mall.items) {
      @Nullable Object[] found = items.get((int) number(itemIds.get(row[0])));
      for (int column : new int[] {1, 2, 3, 4, 5, 6, 8, 9, 12, 13}) {
        assertThat(found[column]).as("seed %d, column %d", seed, column).isEqualTo(row[column]);
      }
      assertThat(found[10]).isEqualTo(mapped(itemIds, row[10]));
      assertThat(String.valueOf(found[11]).replaceAll("[\\[\\]\" ]", "").replace("\\/", "/"))
          .isEqualTo(String.valueOf(row[11]).replaceAll("[\\[\\] ]", ""));
    }
    assertInteractions(mall, result, itemIds, userIds);
    assertRoomStates(mall, result, itemIds);
    assertThat(Objects.requireNonNull(result.funnel().tables()).values())
        .allSatisfy(counts -> {
          assertThat(counts.refused().values()).containsOnly(0L);
          assertThat(counts.kept()).isEqualTo(counts.rowsRead());
        });
  }

  /** Request numbers and places are the source's, so that truth beside it can be joined. */
  private static void assertInteractions(
      SmallMall mall, Result result, Map<Object, Object> itemIds, Map<Object, Object> userIds)
      throws IOException {
    Map<List<Object>, @Nullable Object[]> source = new HashMap<>();
    mall.interactions.forEach(row ->
        source.put(List.of(Objects.requireNonNull(row[0]), Objects.requireNonNull(row[4])), row));
    List<@Nullable Object[]> found = result.rows(TableSchema.INTERACTIONS);
    assertThat(found).hasSize(source.size());
    long[] before = {-1, -1, -1, -1};
    for (@Nullable Object[] row : found) {
      @Nullable Object[] expected =
          Objects.requireNonNull(
                  source.get(
                      List.of(Objects.requireNonNull(row[0]), Objects.requireNonNull(row[4]))))
              .clone();
      expected[1] = userIds.get(expected[1]);
      expected[2] = itemIds.get(expected[2]);
      expected[11] = mapped(itemIds, expected[11]);
      assertThat(row).containsExactly(expected);
      long[] key = {number(row[1]), number(row[3]), number(row[0]), number(row[4])};
      assertThat(java.util.Arrays.compare(before, key)).isNegative();
      before = key;
    }
  }

  @Test
  void anOrderDaysAfterItsClickIsARequestOfItsOwn() throws Exception {
    SmallMall mall = new SmallMall(8);
    int requests = Math.toIntExact(ingest(write(mall, false)).funnel().requests());
    @Nullable Object[] late = mall.interactions.get(3).clone();
    long moment = number(late[3]) + 2 * Periods.DAY_MS + 1;
    late[5] = Behavior.BUY.bit();
    late[3] = moment;
    late[8] = null;
    mall.interactions.add(late);
    Result result = ingest(write(mall, false));
    assertThat(result.funnel().requests()).isEqualTo(requests + 1);
    assertThat(result.funnel().requestsSplit()).isEqualTo(1);
    assertThat(result.funnel().interactions()).isEqualTo(mall.interactions.size());
    assertThat(
            result.rows(TableSchema.INTERACTIONS).stream().filter(row -> number(row[3]) == moment))
        .singleElement()
        .satisfies(row -> assertThat(row[4]).isEqualTo(late[4]))
        .satisfies(row -> assertThat(row[5]).isEqualTo(Behavior.BUY.bit()));
  }

  private static long number(@Nullable Object value) {
    return ((Number) Objects.requireNonNull(value)).longValue();
  }

  private static void assertRoomStates(SmallMall mall, Result result, Map<Object, Object> itemIds)
      throws IOException {
    Map<List<Object>, String> source = new HashMap<>();
    for (@Nullable Object[] row : mall.roomStates) {
      List<@Nullable Object> products = new ArrayList<>();
      for (int product : (int[]) Objects.requireNonNull(row[2])) {
        products.add(itemIds.get(product));
      }
      source.put(
          List.of(itemIds.get(row[0]), Objects.requireNonNull(row[1])),
          products.toString().replace(" ", ""));
    }
    Map<List<Object>, String> found = new HashMap<>();
    for (@Nullable Object[] row : result.rows(TableSchema.ROOM_STATES)) {
      found.put(
          List.of(Objects.requireNonNull(row[0]), Objects.requireNonNull(row[1])),
          String.valueOf(row[2]));
    }
    assertThat(found).isEqualTo(source);
  }

  @Test
  void scenariosAreCountedAsTheyAre() throws Exception {
    SmallMall mall = new SmallMall(4);
    Map<String, ScenarioCounts> counts =
        Objects.requireNonNull(ingest(write(mall, false)).funnel().scenarios());
    assertThat(counts.keySet())
        .containsExactlyInAnyOrder("product_card", "short_video", "live_streaming");
    ScenarioCounts videos = Objects.requireNonNull(counts.get("short_video"));
    assertThat(videos.items()).isEqualTo(SmallMall.VIDEOS);
    assertThat(videos.entertainment()).isEqualTo(SmallMall.VIDEOS - SmallMall.SELLING_VIDEOS);
    for (int bit : new int[] {1, 2, 4, 16}) {
      long expected =
          mall.interactions.stream()
              .filter(row -> "short_video".equals(mall.items.get((Integer) row[2])[2]))
              .filter(row -> ((Integer) row[5] & bit) != 0)
              .count();
      assertThat(
              switch (bit) {
                case 1 -> videos.exposures();
                case 2 -> videos.clicks();
                case 4 -> videos.longViews();
                default -> videos.buys();
              })
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void formatAndOrderOfRowsDoNotMatter(long seed) throws Exception {
    SmallMall mall = new SmallMall(seed);
    Result expected = ingest(write(mall, false));
    Result parquet = ingest(write(mall, true));
    Random random = new Random(seed);
    for (List<?> rows : List.of(mall.items, mall.users, mall.interactions, mall.roomStates)) {
      Collections.shuffle(rows, random);
    }
    Result shuffled = ingest(write(mall, false));
    for (Result other : List.of(parquet, shuffled)) {
      assertThat(other.periods()).isEqualTo(expected.periods());
      assertThat(other.funnel()).isEqualTo(expected.funnel());
      for (String table : List.of("items", "users", "interactions", "room_states")) {
        assertThat(other.at().resolve(table + ".arrow"))
            .as("seed %d, %s", seed, table)
            .hasSameBinaryContentAs(expected.at().resolve(table + ".arrow"));
      }
    }
  }

  @Test
  void usersWithFewRequestsAreLeftOut() throws Exception {
    SmallMall mall = new SmallMall(8);
    Map<Object, Set<Object>> requests = new HashMap<>();
    for (@Nullable Object[] row : mall.interactions) {
      requests
          .computeIfAbsent(Objects.requireNonNull(row[1]), user -> new HashSet<>())
          .add(Objects.requireNonNull(row[0]));
    }
    long kept = requests.values().stream().filter(of -> of.size() >= 12).count();
    assertThat(kept).isBetween(1L, SmallMall.USERS - 1L);
    Result result = ingest(config(write(mall, false), 0, 12));
    assertThat(result.funnel().users()).isEqualTo(kept);
    assertThat(result.funnel().refused().get("rare_user")).isPositive();
  }

  /** A simulated world's truth lies beside the tables; here it could not even be listed. */
  @Test
  void nothingUnderTruthIsRead() throws Exception {
    Path source = write(new SmallMall(9), false);
    Path truth = Files.createDirectories(source.resolve("truth/interactions"));
    Files.writeString(truth.resolve("1.arrow"), "no table");
    Files.writeString(source.resolve("truth/items.arrow"), "no table");
    assertThat(config(source, 0, 1).files())
        .hasSize(5)
        .noneMatch(file -> file.toString().contains("truth"));
    Files.setPosixFilePermissions(
        source.resolve("truth"), PosixFilePermissions.fromString("---------"));
    try {
      assertThat(ingest(source).funnel().interactions()).isPositive();
    } finally {
      Files.setPosixFilePermissions(
          source.resolve("truth"), PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void missingTablesAreNamed() throws Exception {
    Path source = write(new SmallMall(10), false);
    assertThatThrownBy(() -> config(source.resolve("none"), 0, 1).files())
        .hasMessageContaining("no such folder");
    Files.move(source.resolve("users.arrow"), source.resolve("people.arrow"));
    assertThatThrownBy(() -> ingest(source)).hasMessageContaining("users.arrow or users.parquet");
  }
}
