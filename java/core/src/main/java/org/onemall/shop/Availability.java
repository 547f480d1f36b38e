package org.onemall.shop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.run.Artefact;
import org.onemall.run.Artefacts;
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

  private final RoomStates states;

  private Availability(Scenario[] scenario, long[] from, long[] to, RoomStates states) {
    this.scenario = scenario;
    this.from = from;
    this.to = to;
    this.states = states;
  }

  /** Reads that of a run. */
  public static Availability read(Artefacts run, BufferAllocator allocator) throws IOException {
    return read(run.file(Artefact.ITEMS), run.file(Artefact.ROOM_STATES), allocator);
  }

  /** Reads {@link TableSchema#ITEMS} and {@link TableSchema#ROOM_STATES}. */
  public static Availability read(Path items, Path roomStates, BufferAllocator allocator)
      throws IOException {
    int count = ItemReader.count(items, allocator);
    Scenario[] scenario = new Scenario[count];
    long[] from = new long[count];
    long[] to = new long[count];
    try (ItemReader reader = new ItemReader(items, allocator)) {
      for (int item = 0; reader.next(); item++) {
        scenario[item] = reader.scenario();
        from[item] = reader.availableFromMs();
        to[item] = reader.availableToMs();
      }
    }
    RoomStates states = RoomStates.read(roomStates, allocator);
    if (states.rows() > 0 && states.item(states.rows() - 1) >= count) {
      throw new IOException(
          "%s: expected items below %d, found item %d; run stage ingest again"
              .formatted(roomStates, count, states.item(states.rows() - 1)));
    }
    return new Availability(scenario, from, to, states);
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
    if (states.first(item) == states.end(item)) {
      return true;
    }
    int state = states.at(item, timeMs);
    return state >= 0 && states.count(state) > 0;
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
    for (int state = states.first(item); state < states.end(item); state++) {
      boolean onAir = states.count(state) > 0;
      if (onAir != before) {
        sink.accept(states.fromMs(state));
      }
      before = onAir;
    }
  }
}
