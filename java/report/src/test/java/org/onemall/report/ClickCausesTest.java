package org.onemall.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.shop.Behavior;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/** A mall of products 0 (leaf 7), 1 (leaf 8) and video 2; in the run they are 2, 0 and 1. */
class ClickCausesTest {
  private static final int CLICK = Behavior.EXPOSURE.bit() | Behavior.CLICK.bit();

  @TempDir Path folder;

  private interface Rows {
    void write(TableWriter writer) throws IOException;
  }

  private Path table(String name, TableSchema schema, BufferAllocator allocator, Rows rows)
      throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(schema.schema(0), out, allocator)) {
      rows.write(writer);
    }
    return file;
  }

  private static void item(TableWriter writer, int item, String id, String scenario)
      throws IOException {
    writer.setInt(0, item).setString(1, id).setString(2, scenario).setString(3, id);
    writer.setString(4, null).setFloat(5, 1).setString(6, null).setLong(7, 0);
    for (int column = 8; column < 14; column++) {
      writer.setNull(column);
    }
    writer.endRow();
  }

  private static void event(
      TableWriter writer, int request, int item, int behaviors, @Nullable Integer product)
      throws IOException {
    writer.setInt(0, request).setInt(1, 0).setInt(2, item).setLong(3, request).setInt(4, 0);
    writer.setInt(5, behaviors).setFloat(6, 0).setFloat(7, 0);
    writer.setNull(8).setNull(9).setNull(10);
    if (product == null) {
      writer.setNull(11);
    } else {
      writer.setInt(11, product);
    }
    writer.endRow();
  }

  private static void truth(TableWriter writer, int request, int leaf, int video)
      throws IOException {
    writer.setInt(0, request).setInt(1, 0).setFloat(2, 0).setFloat(3, 0);
    writer.setInt(4, leaf).setInt(5, video).setInt(6, 0).setInt(7, 0).endRow();
  }

  @Test
  void aClickIsCausedByTheVideoWhoseKindOfProductItIs() throws IOException {
    try (BufferAllocator allocator = new RootAllocator()) {
      table(
          "items.arrow",
          TableSchema.ITEMS,
          allocator,
          writer -> {
            item(writer, 0, "p0", "product_card");
            item(writer, 1, "p1", "product_card");
            item(writer, 2, "v0", "short_video");
          });
      table(
          "truth/products.arrow",
          TableSchema.TRUTH_PRODUCTS,
          allocator,
          writer -> {
            for (int product = 0; product < 2; product++) {
              writer.setInt(0, product).setInt(1, 7 + product);
              for (int column = 2; column < 8; column++) {
                writer.setInt(column, 0);
              }
              for (int column = 8; column < 12; column++) {
                writer.setFloat(column, 0);
              }
              writer.setInt(12, 0).setNull(13).endRow();
            }
          });
      table(
          "truth/interactions/day-000.arrow",
          TableSchema.TRUTH_INTERACTIONS,
          allocator,
          writer -> {
            truth(writer, 0, -1, -1);
            truth(writer, 1, 7, 2);
            truth(writer, 2, 7, 2);
            truth(writer, 3, 8, 2);
          });
      table(
          "truth/interactions/day-001.arrow",
          TableSchema.TRUTH_INTERACTIONS,
          allocator,
          writer -> truth(writer, 4, 8, 2));
      Path items =
          table(
              "run-items.arrow",
              TableSchema.ITEMS,
              allocator,
              writer -> {
                item(writer, 0, "p1", "product_card");
                item(writer, 1, "v0", "short_video");
                item(writer, 2, "p0", "product_card");
              });
      Path events =
          table(
              "run-interactions.arrow",
              TableSchema.INTERACTIONS,
              allocator,
              writer -> {
                event(writer, 0, 2, CLICK, 2);
                event(writer, 1, 2, CLICK, 2);
                event(writer, 2, 0, CLICK, 0);
                event(writer, 3, 0, Behavior.EXPOSURE.bit(), 0);
                event(writer, 4, 0, CLICK, 0);
              });
      Path truth = folder.resolve("truth");
      ClickCauses causes = ClickCauses.read(truth, items, events, allocator);
      assertThat(causes).isNotNull();
      List<int[]> columns = causes == null ? List.of() : causes.columns();
      assertThat(columns.get(0))
          .as("no cause, another leaf, no click left out")
          .containsExactly(1, 4);
      assertThat(columns.get(1)).containsExactly(0, 0);
      assertThat(columns.get(2)).as("in the run's ids").containsExactly(1, 1);
      Path fewer =
          table(
              "fewer.arrow",
              TableSchema.INTERACTIONS,
              allocator,
              writer -> event(writer, 0, 2, CLICK, 2));
      assertThat(ClickCauses.read(truth, items, fewer, allocator))
          .as("some were refused: the numbers don't agree")
          .isNull();
    }
  }
}
