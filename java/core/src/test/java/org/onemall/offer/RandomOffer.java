package org.onemall.offer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.onemall.semanticid.SemanticIds;
import org.onemall.shop.Availability;
import org.onemall.shop.Scenario;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/** A small catalogue in time as objects, with its tables, and what it says of a moment. */
public final class RandomOffer {
  private static final int[] SIZES = {4, 3, 5};
  public static final int LAST = 1_000;
  private static final List<Scenario> ALL = List.of(Scenario.values());

  /** Codes of each level. */
  public static int[] sizes() {
    return SIZES.clone();
  }

  /** From a moment on: what a room sells, or a SID. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record At(long from, int[] values) {}

  public final List<Scenario> scenarios = new ArrayList<>();
  public final List<long[]> times = new ArrayList<>();
  final List<List<At>> states = new ArrayList<>();
  public final List<List<At>> sids = new ArrayList<>();

  public RandomOffer(Random random) {
    int items = 20 + random.nextInt(40);
    for (int item = 0; item < items; item++) {
      Scenario scenario = ALL.get(random.nextInt(3));
      boolean live = scenario == Scenario.LIVE_STREAMING;
      scenarios.add(scenario);
      long from = live || random.nextBoolean() ? Long.MIN_VALUE : random.nextInt(LAST);
      long to = live || random.nextBoolean() ? Long.MAX_VALUE : from + random.nextInt(LAST);
      times.add(new long[] {from, from == Long.MIN_VALUE ? Long.MAX_VALUE : to});
      states.add(live ? rows(random, 12, random.nextInt(2)) : List.of());
      sids.add(
          random.nextInt(5) == 0 && item > 0
              ? List.of()
              : rows(random, live ? 9 : 1, -1).stream()
                  .map(at -> new At(live ? at.from : 0, random.ints(3, 0, 3).toArray()))
                  .toList());
    }
    // Something can always be had in every scenario.
    for (Scenario scenario : ALL) {
      scenarios.add(scenario);
      times.add(new long[] {Long.MIN_VALUE, Long.MAX_VALUE});
      states.add(List.of());
      sids.add(List.of(new At(0, new int[] {1, 2, 0})));
    }
  }

  private static List<At> rows(Random random, int most, int emptyFrom) {
    List<At> rows = new ArrayList<>();
    long at = random.nextInt(100);
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      rows.add(new At(at, new int[emptyFrom < 0 ? 1 : random.nextInt(3)]));
      at += 1 + random.nextInt(150);
    }
    return rows;
  }

  private static int @Nullable [] latest(List<At> rows, long moment) {
    int @Nullable [] found = null;
    for (At row : rows) {
      found = row.from <= moment ? row.values : found;
    }
    return found;
  }

  /** By the definition. */
  public boolean has(Scenario scenario, int item, long moment) {
    boolean sold = times.get(item)[0] <= moment && moment < times.get(item)[1];
    int @Nullable [] state = latest(states.get(item), moment);
    boolean air = states.get(item).isEmpty() || (state != null && state.length > 0);
    return scenarios.get(item) == scenario && !sids.get(item).isEmpty() && sold && air;
  }

  /** By the definition: the latest, or the first where none is valid yet. */
  public int[] sid(int item, long moment) {
    int @Nullable [] found = latest(sids.get(item), moment);
    return found == null ? sids.get(item).getFirst().values : found;
  }

  public Availability availability(Path folder, BufferAllocator allocator) throws IOException {
    Path items = Files.createTempFile(folder, "items", ".arrow");
    Path rooms = Files.createTempFile(folder, "room_states", ".arrow");
    try (OutputStream out = Files.newOutputStream(items);
        OutputStream other = Files.newOutputStream(rooms);
        TableWriter item = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator);
        TableWriter room = new TableWriter(TableSchema.ROOM_STATES.schema(0), other, allocator)) {
      for (int i = 0; i < scenarios.size(); i++) {
        item.setInt(0, i)
            .setString(1, "e" + i)
            .setString(2, scenarios.get(i).key())
            .setString(3, "t")
            .setFloat(5, 1)
            .setLong(7, 0);
        if (times.get(i)[0] > Long.MIN_VALUE) {
          item.setLong(12, times.get(i)[0]).setLong(13, times.get(i)[1]);
        }
        item.endRow();
        for (At state : states.get(i)) {
          room.setInt(0, i).setLong(1, state.from).setInts(2, state.values).endRow();
        }
      }
    }
    return Availability.read(items, rooms, allocator);
  }

  public SemanticIds semanticIds(Path folder, BufferAllocator allocator) throws IOException {
    Path file = Files.createTempFile(folder, "semantic_ids", ".arrow");
    Schema plain = TableSchema.SEMANTIC_IDS.schema(3);
    Map<String, String> metadata = new HashMap<>(plain.getCustomMetadata());
    metadata.put("sizes", "4,3,5");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer =
            new TableWriter(new Schema(plain.getFields(), metadata), out, allocator)) {
      for (int item = 0; item < sids.size(); item++) {
        for (At at : sids.get(item)) {
          writer.setInt(0, item).setLong(1, at.from).setCodes(2, at.values).endRow();
        }
      }
    }
    return SemanticIds.read(file, allocator);
  }
}
