package org.onemall.represent;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.RoomStates;
import org.onemall.shop.Scenario;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/** Small tables, written and read as a run does. */
final class TestCatalogue {
  private TestCatalogue() {}

  /** An item; {@code product} -1 for none. */
  record Item(Scenario scenario, int product) {}

  static CatalogueItems items(Path folder, BufferAllocator allocator, List<Item> items)
      throws IOException {
    Path file = folder.resolve("items.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      for (int item = 0; item < items.size(); item++) {
        writer.setInt(0, item).setString(1, "i" + item);
        writer.setString(2, items.get(item).scenario().key()).setString(3, "").setNull(4);
        writer.setFloat(5, 1).setNull(6).setLong(7, 0);
        if (items.get(item).product() >= 0) {
          writer.setInt(10, items.get(item).product());
        }
        writer.endRow();
      }
    }
    return CatalogueItems.read(file, allocator);
  }

  /** A state of a room. */
  @SuppressWarnings("ArrayRecordComponent")
  record State(int item, long fromMs, int... products) {}

  static RoomStates states(Path folder, BufferAllocator allocator, List<State> states)
      throws IOException {
    Path file = folder.resolve("room_states.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ROOM_STATES.schema(0), out, allocator)) {
      for (State state : states) {
        writer.setInt(0, state.item()).setLong(1, state.fromMs()).setInts(2, state.products());
        writer.endRow();
      }
    }
    return RoomStates.read(file, allocator);
  }

  /** What a user did: behaviors a mask, product -1 for none, eventMs -1 for null. */
  record Event(
      int request, int user, int item, long timeMs, int behaviors, int product, long eventMs) {}

  static Path interactions(Path folder, BufferAllocator allocator, List<Event> events)
      throws IOException {
    Path file = folder.resolve("interactions.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.INTERACTIONS.schema(0), out, allocator)) {
      for (Event event : events) {
        writer.setInt(0, event.request()).setInt(1, event.user()).setInt(2, event.item());
        writer.setLong(3, event.timeMs()).setInt(4, 0).setInt(5, event.behaviors());
        writer.setFloat(6, 0).setFloat(7, 0);
        if (event.eventMs() >= 0) {
          writer.setLong(8, event.eventMs());
        }
        if (event.product() >= 0) {
          writer.setInt(11, event.product());
        }
        writer.endRow();
      }
    }
    return file;
  }
}
