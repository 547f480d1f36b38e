package org.onemall.sample;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.shop.Periods;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

class HistoryTest {
  private static final long START = 1_700_000_000_000L;

  @TempDir Path folder;
  private final RootAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  /** One row of user 0. */
  private record Row(int request, int item, long timeMs, long eventMs) {}

  private Path write(Row... rows) throws IOException {
    Path file = folder.resolve("interactions.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.INTERACTIONS.schema(0), out, allocator)) {
      for (Row row : rows) {
        writer.setInt(0, row.request()).setInt(1, 0).setInt(2, row.item()).setLong(3, row.timeMs());
        writer.setInt(4, 0).setInt(5, 1).setFloat(6, 1).setFloat(7, 1).setLong(8, row.eventMs());
        writer.endRow();
      }
    }
    return file;
  }

  @Test
  void rowsThatNoHistoryHoldsAreRefusedWithWhatToDo() throws IOException {
    assertThatThrownBy(() ->
            History.read(write(new Row(0, 0, START, START + 25 * Periods.DAY_MS)), 1, allocator))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("within 24 days of its request, found 25 days")
        .hasMessageContaining("a request of its own");
    assertThatThrownBy(() -> History.read(write(new Row(0, 3, START, START)), 3, allocator))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected items below 3, as the catalogue has, found 3");
    Row later = new Row(0, 0, START, START);
    assertThatThrownBy(
            () -> History.read(write(new Row(1, 0, START + 1, START + 1), later), 1, allocator))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sorted by user, time and request, found otherwise in row 1");
  }
}
