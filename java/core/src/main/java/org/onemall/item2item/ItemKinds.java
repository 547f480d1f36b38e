package org.onemall.item2item;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.onemall.shop.Scenario;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** What the catalogue says of each item's kind. Immutable. */
public final class ItemKinds {
  private final Scenario[] scenario;
  private final boolean[] known;
  private final boolean[] sells;
  private final @Nullable String[] category;

  private ItemKinds(
      Scenario[] scenario, boolean[] known, boolean[] sells, @Nullable String[] category) {
    this.scenario = scenario;
    this.known = known;
    this.sells = sells;
    this.category = category;
  }

  /**
   * Reads {@link TableSchema#ITEMS}.
   *
   * @param before items first seen from then on are nobody's neighbours
   */
  public static ItemKinds read(Path items, long before, BufferAllocator allocator)
      throws IOException {
    int count = Math.toIntExact(TableReader.rows(TableSchema.ITEMS, items, allocator));
    Scenario[] scenario = new Scenario[count];
    boolean[] known = new boolean[count];
    boolean[] sells = new boolean[count];
    @Nullable String[] category = new @Nullable String[count];
    try (TableReader reader = new TableReader(TableSchema.ITEMS, items, allocator)) {
      int item = 0;
      while (reader.next()) {
        VectorSchemaRoot batch = reader.batch();
        IntVector product = (IntVector) batch.getVector("product");
        BigIntVector seen = (BigIntVector) batch.getVector("first_seen_ms");
        for (int row = 0; row < batch.getRowCount(); row++, item++) {
          scenario[item] = Scenario.of(String.valueOf(text(batch, "scenario", row)));
          known[item] = seen.get(row) < before;
          sells[item] = !product.isNull(row);
          category[item] = text(batch, "category", row);
        }
      }
    }
    return new ItemKinds(scenario, known, sells, category);
  }

  private static @Nullable String text(VectorSchemaRoot batch, String column, int row) {
    VarCharVector texts = (VarCharVector) batch.getVector(column);
    return texts.isNull(row) ? null : new String(texts.get(row), StandardCharsets.UTF_8);
  }

  /** Number of items. */
  int items() {
    return scenario.length;
  }

  /** The products that were there in time, ascending. */
  int[] knownProducts() {
    return IntStream.range(0, scenario.length)
        .filter(item -> known[item] && isProduct(item))
        .toArray();
  }

  Scenario scenario(int item) {
    return scenario[item];
  }

  boolean isProduct(int item) {
    return scenario[item] == Scenario.PRODUCT_CARD;
  }

  /** Whether it is a video that sells nothing. */
  boolean isEntertainment(int item) {
    return scenario[item] == Scenario.SHORT_VIDEO && !sells[item];
  }

  @Nullable String category(int item) {
    return category[item];
  }
}
