package org.onemall.ingest.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.onemall.ingest.Ingest;
import org.onemall.ingest.IngestConfig;
import org.onemall.shop.Periods;
import org.onemall.shop.SplitConfig;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** What ingest made of a log; a row is its values with bars between them. */
record IngestedLog(
    Periods periods,
    String funnel,
    List<String> items,
    List<String> users,
    List<String> interactions,
    List<byte[]> bytes) {

  /**
   * Reads a log.
   *
   * @param folder for what is written on the way
   */
  static IngestedLog of(IngestConfig config, SplitConfig split, long seed, Path folder)
      throws IOException {
    Path scratch = Files.createTempDirectory(folder, "scratch");
    try (RootAllocator allocator = new RootAllocator();
        Ingest ingest = new Ingest(config, split, seed, scratch, allocator)) {
      ByteArrayOutputStream items = new ByteArrayOutputStream();
      ByteArrayOutputStream users = new ByteArrayOutputStream();
      ByteArrayOutputStream interactions = new ByteArrayOutputStream();
      ByteArrayOutputStream funnel = new ByteArrayOutputStream();
      ingest.writeItems(items, allocator);
      ingest.writeUsers(users, allocator);
      ingest.writeInteractions(interactions, allocator);
      ingest.funnel().write(funnel);
      return new IngestedLog(
          ingest.periods(),
          funnel.toString(StandardCharsets.UTF_8),
          rows(TableSchema.ITEMS, items, scratch, allocator),
          rows(TableSchema.USERS, users, scratch, allocator),
          rows(TableSchema.INTERACTIONS, interactions, scratch, allocator),
          List.of(items.toByteArray(), users.toByteArray(), interactions.toByteArray()));
    }
  }

  private static List<String> rows(
      TableSchema table, ByteArrayOutputStream out, Path folder, RootAllocator allocator)
      throws IOException {
    Path file = Files.write(folder.resolve(table.table() + ".arrow"), out.toByteArray());
    List<String> rows = new ArrayList<>();
    try (TableReader reader = new TableReader(table, file, allocator)) {
      while (reader.next()) {
        for (int r = 0; r < reader.batch().getRowCount(); r++) {
          StringBuilder row = new StringBuilder();
          for (FieldVector vector : reader.batch().getFieldVectors()) {
            row.append(row.isEmpty() ? "" : "|").append(vector.getObject(r));
          }
          rows.add(row.toString());
        }
      }
    }
    return rows;
  }
}
