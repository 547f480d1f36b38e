package org.onemall.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.onemall.shop.ItemReader;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** How many item pairs there are, by where they come from and what they join. */
final class PairCounts {
  private record Kind(String source, String anchor, String positive) implements Comparable<Kind> {
    @Override
    public int compareTo(Kind other) {
      return toString().compareTo(other.toString());
    }
  }

  private PairCounts() {}

  /** {@code [{"source", "anchor", "positive", "pairs"}]}; anchor and positive are scenarios. */
  static ArrayNode of(Path items, Path pairs, BufferAllocator allocator) throws IOException {
    List<String> scenarios = scenarios(items, allocator);
    Map<Kind, Integer> counts = new TreeMap<>();
    try (TableReader reader = new TableReader(TableSchema.ITEM_PAIRS, pairs, allocator)) {
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        IntVector anchor = (IntVector) batch.getVector("anchor");
        IntVector positive = (IntVector) batch.getVector("positive");
        VarCharVector source = (VarCharVector) batch.getVector("source");
        for (int row = 0; row < batch.getRowCount(); row++) {
          counts.merge(
              new Kind(
                  text(source, row),
                  scenarios.get(anchor.get(row)),
                  scenarios.get(positive.get(row))),
              1,
              Integer::sum);
        }
      }
    }
    ArrayNode node = JsonNodeFactory.instance.arrayNode();
    counts.forEach((kind, count) ->
        node.addObject()
            .put("source", kind.source())
            .put("anchor", kind.anchor())
            .put("positive", kind.positive())
            .put("pairs", count));
    return node;
  }

  /** By dense id, which is the row. */
  private static List<String> scenarios(Path items, BufferAllocator allocator) throws IOException {
    List<String> scenarios = new ArrayList<>();
    try (ItemReader reader = new ItemReader(items, allocator)) {
      while (reader.next()) {
        scenarios.add(reader.scenario().key());
      }
    }
    return scenarios;
  }

  private static String text(VarCharVector vector, int row) {
    return new String(vector.get(row), StandardCharsets.UTF_8);
  }
}
