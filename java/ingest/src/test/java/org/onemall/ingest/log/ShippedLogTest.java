package org.onemall.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.ingest.Funnel;
import org.onemall.ingest.Ingest;
import org.onemall.ingest.IngestConfig;
import org.onemall.sample.History;
import org.onemall.sample.Requests;
import org.onemall.sample.SampleSummary;
import org.onemall.shop.Behavior;
import org.onemall.shop.SplitConfig;

/** The figures that published experiments on the shipped log start from. */
class ShippedLogTest {
  @TempDir Path folder;

  @Test
  void hasTheKnownCountsAndTestRequests() throws IOException {
    Path file =
        Path.of(System.getProperty("onemall.root"))
            .resolve("configs/data/online_retail/online_retail_clean.csv.gz");
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
    IngestConfig config =
        new IngestConfig(
            null,
            null,
            List.of(file),
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
    Path interactions = folder.resolve("interactions.arrow");
    try (RootAllocator allocator = new RootAllocator();
        Ingest ingest =
            new Ingest(
                config, new SplitConfig(SplitConfig.By.TIME, 28, 28, 28), 0, folder, allocator)) {
      try (OutputStream out = Files.newOutputStream(interactions)) {
        ingest.writeInteractions(out, allocator);
      }
      Funnel funnel = ingest.funnel();
      assertThat(funnel.rowsRead()).isEqualTo(392_693);
      assertThat(funnel.refused().values()).containsOnly(0L);
      assertThat(funnel.users()).isEqualTo(4_338);
      assertThat(funnel.items()).isEqualTo(3_665);
      assertThat(funnel.requests()).isEqualTo(18_532);
      assertThat(ingest.periods().snapshots()).isEqualTo(13);
      try (History history = History.read(interactions, 3_665, allocator);
          Requests requests =
              Requests.of(history, ingest.periods(), Behavior.BUY, (_, _) -> true, allocator)) {
        SampleSummary.Counts test =
            requests
                .summary(new TreeMap<>())
                .periods()
                .getOrDefault("test", new SampleSummary.Counts(0, 0, 0));
        assertThat(test.requests()).isEqualTo(2_272);
        assertThat(test.targets()).isEqualTo(50_521);
      }
    }
  }
}
