package org.onemall.shop;

import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.table.TableSchema;

/** What each item is, what it sells and when it was first seen. Immutable. */
public final class CatalogueItems {
  private final Scenario[] scenario;
  private final int[] product;
  private final long[] firstSeenMs;

  private CatalogueItems(int items) {
    scenario = new Scenario[items];
    product = new int[items];
    firstSeenMs = new long[items];
  }

  /** Reads {@link TableSchema#ITEMS}; a scenario that doesn't exist is an {@link IOException}. */
  public static CatalogueItems read(Path file, BufferAllocator allocator) throws IOException {
    CatalogueItems all = new CatalogueItems(ItemReader.count(file, allocator));
    try (ItemReader reader = new ItemReader(file, allocator)) {
      for (int item = 0; reader.next(); item++) {
        all.scenario[item] = reader.scenario();
        all.product[item] = reader.product();
        all.firstSeenMs[item] = reader.firstSeenMs();
      }
    }
    return all;
  }

  /** Number of items of all scenarios. */
  public int size() {
    return scenario.length;
  }

  public Scenario scenario(int item) {
    return scenario[item];
  }

  /** Whether there is such an item, and it is a product card. */
  public boolean isProduct(int item) {
    return item >= 0 && item < scenario.length && scenario[item] == Scenario.PRODUCT_CARD;
  }

  /** The item that a short video sells; -1 for none. */
  public int product(int item) {
    return product[item];
  }

  /**
   * How many items were there before a moment at which a period of the split begins. Dense ids are
   * given out by period, so that they are those below the result; else an {@link
   * IllegalStateException} says so.
   */
  public int before(long splitMs) {
    int count = 0;
    while (count < size() && firstSeenMs[count] < splitMs) {
      count++;
    }
    for (int item = count; item < size(); item++) {
      if (firstSeenMs[item] < splitMs) {
        throw new IllegalStateException(
            "items: expected those first seen before %d ms to come first, found item %d behind %d; run stage ingest again"
                .formatted(splitMs, item, count));
      }
    }
    return count;
  }

  /** Until where the ids go of items first seen before validation, before the test, and ever. */
  public int[] periodEnds(Periods periods) {
    return new int[] {before(periods.validationFromMs()), before(periods.testFromMs()), size()};
  }

  /** The places of some items in the order in which they were first seen; ties keep theirs. */
  public int[] byFirstAppearance(int[] items) {
    int[] order = new int[items.length];
    Arrays.setAll(order, i -> i);
    IntArrays.stableSort(
        order, (a, b) -> Long.compare(firstSeenMs[items[a]], firstSeenMs[items[b]]));
    return order;
  }

  public long firstSeenMs(int item) {
    return firstSeenMs[item];
  }
}
