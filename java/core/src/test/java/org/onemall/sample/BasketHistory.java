package org.onemall.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/** The history that baskets are of, for tests. */
public final class BasketHistory {
  private BasketHistory() {}

  /** Their purchases; the result belongs to the caller. */
  public static History of(Baskets baskets, Path folder, BufferAllocator allocator)
      throws IOException {
    Path file = Files.createTempFile(folder, "interactions", ".arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.INTERACTIONS.schema(0), out, allocator)) {
      int[] byUser =
          IntStream.range(0, baskets.size())
              .boxed()
              .sorted(Comparator.comparingInt(baskets::user))
              .mapToInt(Integer::intValue)
              .toArray();
      for (int request : byUser) {
        for (int i = baskets.start(request); i < baskets.end(request); i++) {
          writer.setInt(0, request).setInt(1, baskets.user(request)).setInt(2, baskets.item(i));
          writer.setLong(3, baskets.timeMs(request)).setInt(4, i - baskets.start(request));
          writer.setInt(5, Behavior.BUY.bit()).setFloat(6, 1).setFloat(7, 1);
          writer.endRow();
        }
      }
    }
    return History.read(file, baskets.items(), allocator);
  }
}
