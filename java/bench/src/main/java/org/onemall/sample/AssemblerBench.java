package org.onemall.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.onemall.ingest.Ingest;
import org.onemall.ingest.IngestConfig;
import org.onemall.ingest.log.ColumnsConfig;
import org.onemall.ingest.log.LogConfig;
import org.onemall.sample.SampleConfig.TargetWeight;
import org.onemall.shop.Behavior;
import org.onemall.shop.Period;
import org.onemall.shop.Periods;
import org.onemall.shop.SplitConfig;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.Tensors;
import org.slf4j.LoggerFactory;

/**
 * Assembled samples per CPU second on the shipped log, not a test. Arguments: the log, a scratch
 * folder, neighbour_items.
 */
final class AssemblerBench {
  private static final int[] CODES = {64, 64, 64};
  private static final int BATCH = 64;

  private AssemblerBench() {}

  public static void main(String[] args) throws IOException {
    Path scratch = Files.createDirectories(Path.of(args[1]));
    ColumnsConfig columns =
        new ColumnsConfig(
            "Customer ID",
            "StockCode",
            "InvoiceDate",
            "Invoice",
            "Description",
            "Price",
            "Quantity",
            null,
            null,
            null,
            null);
    IngestConfig source =
        new IngestConfig(
            null,
            null,
            List.of(Path.of(args[0])),
            columns,
            LogConfig.TimeUnit.TEXT,
            null,
            null,
            List.of(),
            1,
            1,
            30,
            0,
            "1GB");
    SampleConfig config =
        new SampleConfig(
            Behavior.BUY,
            List.of(Behavior.BUY),
            256,
            50,
            Integer.parseInt(args[2]),
            .8f,
            30,
            TargetWeight.BASKET,
            null,
            null);
    Path interactions = scratch.resolve("interactions.arrow");
    Path neighbours = scratch.resolve("item_neighbours.arrow");
    try (BufferAllocator allocator = new RootAllocator()) {
      Periods periods;
      try (Ingest ingest =
              new Ingest(
                  source, new SplitConfig(SplitConfig.By.TIME, 28, 28, 28), 0, scratch, allocator);
          OutputStream out = Files.newOutputStream(interactions)) {
        ingest.writeInteractions(out, allocator);
        periods = ingest.periods();
      }
      try (History history = History.read(interactions, Integer.MAX_VALUE, allocator)) {
        writeNeighbours(neighbours, periods.snapshots(), history.items(), allocator);
        try (Requests requests =
                Requests.of(history, periods, Behavior.BUY, (_, _) -> true, allocator);
            Popularity popularity = Popularity.of(history, periods, config, allocator);
            NeighbourTable table =
                NeighbourTable.read(neighbours, periods.snapshots(), history.items(), allocator)) {
          SampleTables tables = new SampleTables(history, requests, popularity, table);
          measure(
              new Assembler(
                  config,
                  tables,
                  AssemblerBench::sid,
                  (_, _) -> true,
                  (t, s, p, l, o, a) -> {},
                  CODES),
              requests,
              allocator);
        }
      }
    }
  }

  private static void sid(int item, long timeMs, int[] out) {
    for (int level = 0; level < out.length; level++) {
      out[level] = (item >>> (6 * level)) & 63;
    }
  }

  private static void writeNeighbours(
      Path file, int snapshots, int items, BufferAllocator allocator) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer =
            new TableWriter(TableSchema.ITEM_NEIGHBOURS.schema(0), out, allocator)) {
      for (int s = 0; s < snapshots; s++) {
        for (int item = 0; item < items; item++) {
          for (int n = 0; n < 50; n++) {
            writer
                .setInt(0, s)
                .setInt(1, item)
                .setInt(2, random.nextInt(items))
                .setFloat(3, 1f / (n + 1))
                .endRow();
          }
        }
      }
    }
  }

  private static void measure(Assembler assembler, Requests requests, BufferAllocator allocator) {
    var log = LoggerFactory.getLogger(AssemblerBench.class);
    int[] train = requests.rows(Period.TRAIN);
    SplittableRandom random = new SplittableRandom(0);
    var threads = ManagementFactory.getThreadMXBean();
    for (int round = 0; round < 8; round++) {
      long samples = 0;
      long tokens = 0;
      long start = threads.getCurrentThreadCpuTime();
      for (int from = 0; from + BATCH <= train.length; from += BATCH) {
        int[] rows = Arrays.copyOfRange(train, from, from + BATCH);
        try (Tensors batch = assembler.training(rows, 8, random, allocator)) {
          samples += BATCH;
          tokens += batch.get("buy_item").size();
        }
      }
      double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
      log.info(
          "round {}: {} requests per CPU second, {} token slots a request, {} us a request",
          round,
          Math.round(samples / seconds),
          tokens / samples,
          Math.round(seconds * 1e8 / samples) / 100.0);
    }
  }
}
