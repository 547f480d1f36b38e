package org.onemall.item2item;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.shop.ItemReader;
import org.onemall.shop.Scenario;
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
    int count = ItemReader.count(items, allocator);
    Scenario[] scenario = new Scenario[count];
    boolean[] known = new boolean[count];
    boolean[] sells = new boolean[count];
    @Nullable String[] category = new @Nullable String[count];
    try (ItemReader reader = new ItemReader(items, allocator)) {
      for (int item = 0; reader.next(); item++) {
        scenario[item] = reader.scenario();
        known[item] = reader.firstSeenMs() < before;
        sells[item] = reader.product() >= 0;
        category[item] = reader.category();
      }
    }
    return new ItemKinds(scenario, known, sells, category);
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
