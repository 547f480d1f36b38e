package org.onemall.ingest;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** Columns of {@link TableSchema#ITEMS}, in item order. */
public final class Catalogue {
  private Catalogue() {}

  /** The price of each item. */
  public static float[] prices(Path items, BufferAllocator allocator) throws IOException {
    int count = Math.toIntExact(TableReader.rows(TableSchema.ITEMS, items, allocator));
    float[] prices = new float[count];
    try (TableReader reader = new TableReader(TableSchema.ITEMS, items, allocator)) {
      int item = 0;
      while (reader.next()) {
        Float4Vector price = (Float4Vector) reader.batch().getVector("price");
        for (int row = 0; row < reader.batch().getRowCount(); row++) {
          prices[item++] = price.get(row);
        }
      }
    }
    return prices;
  }
}
