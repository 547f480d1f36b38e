package org.onemall.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** What is taken together with some items, as it was known last. */
final class ItemNeighbours {
  private static final int ITEMS = 1_000;
  private static final int MOST = 6;

  private record Neighbour(int item, float score) {}

  private ItemNeighbours() {}

  /** {@code {"<item>": [neighbour, ...]}}, the closest first; names them. */
  static ObjectNode read(Path file, Shown shown, BufferAllocator allocator) throws IOException {
    Map<Integer, List<Neighbour>> byItem = new TreeMap<>();
    int latest = -1;
    try (TableReader reader = new TableReader(TableSchema.ITEM_NEIGHBOURS, file, allocator)) {
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        IntVector snapshot = (IntVector) batch.getVector("snapshot");
        IntVector item = (IntVector) batch.getVector("item");
        IntVector neighbour = (IntVector) batch.getVector("neighbour");
        Float4Vector score = (Float4Vector) batch.getVector("score");
        for (int row = 0; row < batch.getRowCount(); row++) {
          if (snapshot.get(row) > latest) {
            latest = snapshot.get(row);
            byItem.clear();
          }
          if (item.get(row) < ITEMS && snapshot.get(row) == latest) {
            byItem
                .computeIfAbsent(item.get(row), _ -> new ArrayList<>())
                .add(new Neighbour(neighbour.get(row), score.get(row)));
          }
        }
      }
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    byItem.forEach((item, neighbours) -> {
      neighbours.sort(Comparator.comparingDouble(Neighbour::score).reversed());
      ArrayNode closest = node.putArray(String.valueOf(item));
      for (Neighbour neighbour : neighbours.subList(0, Math.min(MOST, neighbours.size()))) {
        closest.add(neighbour.item());
        shown.name(neighbour.item());
      }
    });
    return node;
  }
}
