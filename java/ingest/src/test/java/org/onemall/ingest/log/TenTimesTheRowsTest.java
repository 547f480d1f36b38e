package org.onemall.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.ingest.Ingest;
import org.onemall.ingest.IngestConfig;
import org.onemall.sample.History;
import org.onemall.sample.Requests;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;
import org.onemall.shop.SplitConfig;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/** A log of ten times the shipped one's rows goes through a JVM with a heap of 256 MiB. */
class TenTimesTheRowsTest {
  private static final int ROWS = 4_000_000;

  @TempDir Path folder;

  @Test
  void fitsInTheSameMemory() throws Exception {
    Path parquet = folder.resolve("log.parquet");
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      // 20 rows an invoice, 5 invoices a user; products from the bits of a multiplicative hash.
      statement.execute(
          """
          COPY (SELECT 'i' || (i // 20) AS invoice, 'u' || (i // 20 * 7919 %% %d) AS "user",
              'p' || (i * 2654435761 %% 1000003 %% 40000) AS item,
              TIMESTAMP '2024-01-01' + to_seconds(i // 20 * 100) AS time,
              1 + i %% 5 AS quantity, 0.5 + i %% 900 / 100 AS price, 'Product ' || i %% 50 AS title
            FROM range(%d) t(i)) TO '%s'
          """
              .formatted(ROWS / 100, ROWS, parquet));
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", "")));
    command.add(TenTimesTheRowsTest.class.getName());
    command.add(parquet.toString());
    Path log = folder.resolve("log.txt");
    Process child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(child.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(child.exitValue()).as("%s", Files.readString(log)).isZero();
    assertThat(Files.readString(folder.resolve("funnel.json")))
        .contains("\"rows_read\" : " + ROWS)
        .contains("\"interactions\" : " + ROWS)
        .contains("\"users\" : " + ROWS / 100);
    // Every user's first invoice lies in the training period, where first requests count too.
    assertThat(Files.readString(folder.resolve("counts.txt")))
        .isEqualTo(ROWS + " rows, " + ROWS / 20 + " requests");
  }

  /** The child: ingest, histories, requests and counters of the file that is named. */
  public static void main(String[] args) throws IOException {
    Path parquet = Path.of(args[0]);
    Path work = Files.createDirectories(parquet.resolveSibling("work"));
    ColumnsConfig columns =
        new ColumnsConfig(
            "user",
            "item",
            "time",
            "invoice",
            "title",
            "price",
            "quantity",
            null,
            null,
            null,
            null);
    IngestConfig config =
        new IngestConfig(
            null,
            null,
            List.of(parquet),
            columns,
            LogConfig.TimeUnit.TEXT,
            null,
            null,
            List.of(),
            1,
            1,
            30,
            0,
            "256MB");
    Path interactions = work.resolve("interactions.arrow");
    Periods periods;
    try (RootAllocator allocator = new RootAllocator()) {
      try (Ingest ingest =
              new Ingest(
                  config, new SplitConfig(SplitConfig.By.TIME, 28, 28, 28), 1, work, allocator);
          OutputStream items = Files.newOutputStream(work.resolve("items.arrow"));
          OutputStream out = Files.newOutputStream(interactions);
          OutputStream funnel = Files.newOutputStream(parquet.resolveSibling("funnel.json"))) {
        ingest.writeItems(items, allocator);
        ingest.writeInteractions(out, allocator);
        ingest.funnel().write(funnel);
        periods = ingest.periods();
      }
      int catalogue =
          Math.toIntExact(
              TableReader.rows(TableSchema.ITEMS, work.resolve("items.arrow"), allocator));
      try (History history = History.read(interactions, catalogue, allocator);
          Requests requests =
              Requests.of(history, periods, Behavior.BUY, (_, _) -> true, allocator)) {
        Files.writeString(
            parquet.resolveSibling("counts.txt"),
            history.rows() + " rows, " + requests.rows() + " requests");
      }
    }
  }
}
