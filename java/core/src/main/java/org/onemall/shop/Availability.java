package org.onemall.shop;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.onemall.run.Artefact;
import org.onemall.run.Artefacts;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * When each item can be had: a product or video from {@code available_from_ms} until before {@code
 * available_to_ms}; a live room while its latest state has products, so that before its first state
 * it is off air. An item with neither times nor states can always be had. Immutable.
 */
public final class Availability {
  private final Scenario[] scenario;
  private final long[] from;
  private final long[] to;

  /** The states of item i are {@code [starts[i], starts[i + 1])}, in time order. */
  private final int[] starts;

  private final long[] stateFrom;
  private final boolean[] onAir;

  private Availability(
      Scenario[] scenario, long[] from, long[] to, int[] starts, long[] stateFrom, boolean[] air) {
    this.scenario = scenario;
    this.from = from;
    this.to = to;
    this.starts = starts;
    this.stateFrom = stateFrom;
    this.onAir = air;
  }

  /** Reads that of a run. */
  public static Availability read(Artefacts run, BufferAllocator allocator) throws IOException {
    return read(run.file(Artefact.ITEMS), run.file(Artefact.ROOM_STATES), allocator);
  }

  /** Reads {@link TableSchema#ITEMS} and {@link TableSchema#ROOM_STATES}. */
  public static Availability read(Path items, Path roomStates, BufferAllocator allocator)
      throws IOException {
    int count = Math.toIntExact(TableReader.rows(TableSchema.ITEMS, items, allocator));
    Scenario[] scenario = new Scenario[count];
    long[] from = new long[count];
    long[] to = new long[count];
    try (TableReader reader = new TableReader(TableSchema.ITEMS, items, allocator)) {
      for (int item = 0; reader.next(); item += reader.batch().getRowCount()) {
        VectorSchemaRoot batch = reader.batch();
        VarCharVector keys = (VarCharVector) batch.getVector("scenario");
        BigIntVector begins = (BigIntVector) batch.getVector("available_from_ms");
        BigIntVector ends = (BigIntVector) batch.getVector("available_to_ms");
        for (int row = 0; row < batch.getRowCount(); row++) {
          scenario[item + row] = scenario(items, new String(keys.get(row), StandardCharsets.UTF_8));
          from[item + row] = begins.isNull(row) ? Long.MIN_VALUE : begins.get(row);
          to[item + row] = ends.isNull(row) ? Long.MAX_VALUE : ends.get(row);
        }
      }
    }
    return withStates(scenario, from, to, roomStates, allocator);
  }

  private static Scenario scenario(Path file, String key) throws IOException {
    for (Scenario each : Scenario.values()) {
      if (each.key().equals(key)) {
        return each;
      }
    }
    throw new IOException(
        "%s: expected a scenario of %s, found '%s'; run ingest again"
            .formatted(file, Arrays.stream(Scenario.values()).map(Scenario::key).toList(), key));
  }

  private static Availability withStates(
      Scenario[] scenario, long[] from, long[] to, Path file, BufferAllocator allocator)
      throws IOException {
    int[] starts = new int[scenario.length + 1];
    LongArrayList moments = new LongArrayList();
    IntArrayList live = new IntArrayList();
    try (TableReader reader = new TableReader(TableSchema.ROOM_STATES, file, allocator)) {
      int last = 0;
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        ListVector products = (ListVector) batch.getVector("products");
        for (int row = 0; row < batch.getRowCount(); row++) {
          int item = ((IntVector) batch.getVector("item")).get(row);
          long moment = ((BigIntVector) batch.getVector("valid_from_ms")).get(row);
          boolean same = !moments.isEmpty() && item == last;
          if (item < last
              || item >= scenario.length
              || (same && moment <= moments.getLong(moments.size() - 1))) {
            throw new IOException(
                "%s: expected items below %d, sorted by item and valid_from_ms, found item %d in row %d; run ingest again"
                    .formatted(file, scenario.length, item, moments.size()));
          }
          last = item;
          moments.add(moment);
          live.add(products.getElementEndIndex(row) - products.getElementStartIndex(row));
          starts[item + 1] = moments.size();
        }
      }
    }
    for (int item = 0; item < scenario.length; item++) {
      starts[item + 1] = Math.max(starts[item], starts[item + 1]);
    }
    boolean[] onAir = new boolean[live.size()];
    for (int state = 0; state < onAir.length; state++) {
      onAir[state] = live.getInt(state) > 0;
    }
    return new Availability(scenario, from, to, starts, moments.toLongArray(), onAir);
  }

  /** Number of items of all scenarios. */
  public int items() {
    return scenario.length;
  }

  public Scenario scenario(int item) {
    return scenario[item];
  }

  /** How many scenarios the items belong to. */
  public int scenarios() {
    return (int) Arrays.stream(scenario).distinct().count();
  }

  /** Whether an item can be had at a moment. */
  public boolean has(int item, long timeMs) {
    if (timeMs < from[item] || timeMs >= to[item]) {
      return false;
    }
    if (starts[item] == starts[item + 1]) {
      return true;
    }
    int state = Arrays.binarySearch(stateFrom, starts[item], starts[item + 1], timeMs);
    int latest = state >= 0 ? state : -state - 2;
    return latest >= starts[item] && onAir[latest];
  }

  /** Hands over every moment at which {@link #has} of an item may change, in no set order. */
  public void changes(int item, LongConsumer sink) {
    if (from[item] > Long.MIN_VALUE) {
      sink.accept(from[item]);
    }
    if (to[item] < Long.MAX_VALUE) {
      sink.accept(to[item]);
    }
    boolean before = false;
    for (int state = starts[item]; state < starts[item + 1]; state++) {
      if (onAir[state] != before) {
        sink.accept(stateFrom[state]);
      }
      before = onAir[state];
    }
  }
}
