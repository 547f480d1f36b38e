package org.onemall.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.jspecify.annotations.Nullable;
import org.onemall.shop.RoomStates;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * One broadcast of the room whose SID moved most often: what was on sale, and the SID that came of
 * it.
 */
final class RoomStory {
  private static final int MOST_STATES = 16;
  private static final int MOST_PRODUCTS = 3;

  private final NavigableMap<Long, int[]> sids = new TreeMap<>();
  private final NavigableMap<Long, int[]> states = new TreeMap<>();
  private final int room;

  private RoomStory(int room) {
    this.room = room;
  }

  /**
   * {@code {"room": item, "states": [{"from_ms", "products": [...], "more": n, "sid": [...]}]}}, or
   * null where no room's SID moved. Shows the products.
   */
  static @Nullable ObjectNode read(
      Path semanticIds, Path roomStates, Shown shown, BufferAllocator allocator)
      throws IOException {
    int room = mostMoved(semanticIds, allocator);
    if (room < 0) {
      return null;
    }
    RoomStory story = new RoomStory(room);
    story.readSids(semanticIds, allocator);
    story.readStates(roomStates, allocator);
    return story.tell(shown);
  }

  private static int mostMoved(Path semanticIds, BufferAllocator allocator) throws IOException {
    Map<Integer, Integer> rows = new HashMap<>();
    try (TableReader reader = new TableReader(TableSchema.SEMANTIC_IDS, semanticIds, allocator)) {
      while (reader.next()) {
        IntVector item = (IntVector) reader.batch().getVector("item");
        for (int row = 0; row < reader.batch().getRowCount(); row++) {
          rows.merge(item.get(row), 1, Integer::sum);
        }
      }
    }
    int most = -1;
    for (Map.Entry<Integer, Integer> entry : new TreeMap<>(rows).entrySet()) {
      if (entry.getValue() > rows.getOrDefault(most, 1)) {
        most = entry.getKey();
      }
    }
    return most;
  }

  private void readSids(Path semanticIds, BufferAllocator allocator) throws IOException {
    try (TableReader reader = new TableReader(TableSchema.SEMANTIC_IDS, semanticIds, allocator)) {
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        IntVector item = (IntVector) batch.getVector("item");
        BigIntVector from = (BigIntVector) batch.getVector("valid_from_ms");
        FixedSizeListVector codes = (FixedSizeListVector) batch.getVector("codes");
        IntVector values = (IntVector) codes.getDataVector();
        for (int row = 0; row < batch.getRowCount(); row++) {
          if (item.get(row) == room) {
            int[] sid = new int[reader.width()];
            for (int level = 0; level < sid.length; level++) {
              sid[level] = values.get(codes.getElementStartIndex(row) + level);
            }
            sids.put(from.get(row), sid);
          }
        }
      }
    }
  }

  private void readStates(Path roomStates, BufferAllocator allocator) throws IOException {
    RoomStates all = RoomStates.read(roomStates, allocator);
    for (int row = all.first(room); row < all.end(room); row++) {
      int[] list = new int[all.count(row)];
      for (int i = 0; i < list.length; i++) {
        list[i] = all.product(row, i);
      }
      states.put(all.fromMs(row), list);
    }
  }

  /** The last broadcast in which the SID moved. */
  private List<Long> broadcast() {
    List<Long> current = new ArrayList<>();
    for (long from : states.descendingKeySet()) {
      if (states.getOrDefault(from, new int[0]).length > 0) {
        current.addFirst(from);
      } else if (moves(current)) {
        return current;
      } else {
        current = new ArrayList<>();
      }
    }
    return current;
  }

  private boolean moves(List<Long> broadcast) {
    return !broadcast.isEmpty()
        && sids.subMap(broadcast.getFirst(), false, broadcast.getLast(), true).size() > 1;
  }

  private @Nullable ObjectNode tell(Shown shown) {
    List<Long> broadcast = broadcast();
    if (broadcast.isEmpty()) {
      return null;
    }
    shown.picture(room);
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("room", room);
    ArrayNode rows = node.putArray("states");
    for (long from : broadcast.subList(0, Math.min(MOST_STATES, broadcast.size()))) {
      int[] products = states.getOrDefault(from, new int[0]);
      ObjectNode row = rows.addObject().put("from_ms", from);
      ArrayNode list = row.putArray("products");
      for (int i = 0; i < Math.min(MOST_PRODUCTS, products.length); i++) {
        list.add(products[i]);
        shown.picture(products[i]);
      }
      row.put("more", Math.max(0, products.length - MOST_PRODUCTS));
      Map.Entry<Long, int[]> sid = sids.floorEntry(from);
      if (sid != null) {
        ArrayNode codes = row.putArray("sid");
        for (int code : sid.getValue()) {
          codes.add(code);
        }
      }
    }
    return node;
  }
}
