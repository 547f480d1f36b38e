package org.onemall.mall.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.onemall.mall.tables.DayTables;
import org.onemall.mall.world.WorldClock;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** What anybody may read: complete, consistent with itself, and without the truth. */
class OpenTablesTest {
  private static TestMall mall;

  @BeforeAll
  static void make() throws IOException {
    mall = TestMall.get();
  }

  private interface Batch {
    void read(TableReader table) throws IOException;
  }

  private static void each(TableSchema schema, String path, Batch batch) throws IOException {
    try (BufferAllocator allocator = new RootAllocator();
        TableReader table = new TableReader(schema, mall.folder.resolve(path), allocator)) {
      while (table.next()) {
        batch.read(table);
      }
    }
  }

  private static int get(TableReader table, int column, int row) {
    return ((IntVector) table.batch().getVector(column)).get(row);
  }

  private static long getLong(TableReader table, int column, int row) {
    return ((BigIntVector) table.batch().getVector(column)).get(row);
  }

  @Test
  void noTruthColumnInAnyOpenTable() throws IOException {
    Set<String> shared =
        Set.of("request", "position", "user", "item", "time_ms", "scenario", "product", "category");
    Set<String> hidden = new HashSet<>();
    for (TableSchema schema : TableSchema.values()) {
      if (schema.name().startsWith("TRUTH_")) {
        schema.schema(0).getFields().forEach(field -> hidden.add(field.getName()));
      }
    }
    hidden.removeAll(shared);
    assertThat(hidden).contains("p_ctr", "p_cvr", "intent_leaf", "quality", "bait");
    try (BufferAllocator allocator = new RootAllocator();
        Stream<Path> files = Files.walk(mall.folder)) {
      List<Path> open =
          files
              .filter(file -> file.toString().endsWith(".arrow"))
              .filter(file -> !mall.folder.relativize(file).startsWith("truth"))
              .toList();
      assertThat(open).hasSize(3 + TestMall.PARAMETERS.days());
      for (Path file : open) {
        try (ArrowFileReader reader = new ArrowFileReader(FileChannel.open(file), allocator)) {
          for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
            assertThat(hidden).as("%s", file).doesNotContain(vector.getName());
          }
        }
      }
    }
  }

  @Test
  void requestsAscendInTimeAndSessionsOfAUserDontOverlap() throws IOException {
    Map<Integer, Long> seenUntil = new HashMap<>();
    long[] last = {-1, -1};
    for (int day = 0; day < TestMall.PARAMETERS.days(); day++) {
      long from = WorldClock.startMs(day);
      each(
          TableSchema.INTERACTIONS,
          "interactions/" + DayTables.name(day),
          table -> {
            for (int i = 0; i < table.batch().getRowCount(); i++) {
              int request = get(table, 0, i);
              int user = get(table, 1, i);
              long time = getLong(table, 3, i);
              long event = getLong(table, 8, i);
              assertThat(time).isBetween(from, from + WorldClock.DAY_MS - 1);
              if (request != last[0]) {
                assertThat((long) request).isEqualTo(last[0] + 1);
                assertThat(time).isGreaterThanOrEqualTo(last[1]);
                assertThat(time).isGreaterThanOrEqualTo(seenUntil.getOrDefault(user, -1L));
                assertThat(get(table, 4, i)).isZero();
              }
              assertThat(event).isGreaterThanOrEqualTo(time);
              seenUntil.merge(user, event, Math::max);
              last[0] = request;
              last[1] = time;
            }
          });
    }
    assertThat(last[0]).isEqualTo(mall.log.requests - 1);
  }

  @Test
  void onlyWhatIsAvailableIsShownToThoseWhoAreRegistered() throws IOException {
    int items = TestMall.PARAMETERS.items();
    long[] from = new long[items];
    long[] to = new long[items];
    each(
        TableSchema.ITEMS,
        "items.arrow",
        table -> {
          for (int i = 0; i < table.batch().getRowCount(); i++) {
            int item = get(table, 0, i);
            boolean bound = !table.batch().getVector(12).isNull(i);
            boolean ends = !table.batch().getVector(13).isNull(i);
            from[item] = bound ? getLong(table, 12, i) : Long.MIN_VALUE;
            to[item] = ends ? getLong(table, 13, i) : Long.MAX_VALUE;
          }
        });
    long[] registered = new long[TestMall.PARAMETERS.users()];
    each(
        TableSchema.USERS,
        "users.arrow",
        table -> {
          for (int i = 0; i < table.batch().getRowCount(); i++) {
            registered[get(table, 0, i)] = getLong(table, 5, i);
          }
        });
    LogWithTruth log = mall.log;
    for (int r = 0; r < log.requests; r++) {
      assertThat(log.timeMs[r]).isGreaterThanOrEqualTo(registered[log.user[r]]);
      for (int row = log.firstRow[r]; row < log.firstRow[r + 1]; row++) {
        assertThat(log.timeMs[r]).isGreaterThanOrEqualTo(from[log.item[row]]);
        assertThat(log.timeMs[r]).isLessThan(to[log.item[row]]);
      }
    }
  }

  @Test
  void aShownRoomIsOnAirWithTheProductThatTheLogNames() throws IOException {
    Map<Integer, List<long[]>> states = new HashMap<>();
    each(
        TableSchema.ROOM_STATES,
        "room_states.arrow",
        table -> {
          ListVector products = (ListVector) table.batch().getVector(2);
          for (int i = 0; i < table.batch().getRowCount(); i++) {
            List<?> list = products.getObject(i);
            assertThat(list).doesNotHaveDuplicates();
            long first = list.isEmpty() ? -1 : (Integer) list.get(0);
            states
                .computeIfAbsent(get(table, 0, i), item -> new ArrayList<>())
                .add(new long[] {getLong(table, 1, i), first});
          }
        });
    LogWithTruth log = mall.log;
    int compared = 0;
    for (int r = 0; r < log.requests; r++) {
      if (log.scenario(mall.world, r) == 2) {
        for (int row = log.firstRow[r]; row < log.firstRow[r + 1]; row++) {
          long shown = -1;
          for (long[] state : states.getOrDefault(log.item[row], List.of())) {
            shown = state[0] <= log.timeMs[r] ? state[1] : shown;
          }
          assertThat((long) log.product[row]).isEqualTo(shown);
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(10_000);
  }
}
