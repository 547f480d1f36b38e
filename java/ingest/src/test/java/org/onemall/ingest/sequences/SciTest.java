package org.onemall.ingest.sequences;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.ingest.Funnel;
import org.onemall.ingest.Ingest;
import org.onemall.ingest.IngestConfig;
import org.onemall.sample.History;
import org.onemall.sample.Requests;
import org.onemall.shop.Behavior;
import org.onemall.shop.Period;
import org.onemall.shop.Periods;
import org.onemall.shop.SplitConfig;

/**
 * The figures that published experiments on Amazon "Industrial and Scientific" start from. The data
 * may not ship with the project; without them the test is skipped.
 */
class SciTest {
  private static final Path DATA =
      Path.of(System.getProperty("onemall.root")).resolve("../shared/data/sci");

  @TempDir Path folder;

  @Test
  void hasTheKnownCountsAndTestTargets() throws IOException {
    assumeTrue(Files.isDirectory(DATA), () -> DATA + " is not there");
    SequencesConfig sequences =
        new SequencesConfig(
            DATA.resolve("sequences.txt.gz"),
            DATA.resolve("items.jsonl.gz"),
            "id",
            "title",
            "categories",
            "brand");
    IngestConfig config =
        new IngestConfig(
            null, sequences, null, null, null, null, null, null, 1, null, 30, 0, "500MB");
    SplitConfig split = new SplitConfig(SplitConfig.By.LEAVE_ONE_OUT, null, null, null);
    Path interactions = folder.resolve("interactions.arrow");
    try (RootAllocator allocator = new RootAllocator();
        Ingest ingest = new Ingest(config, split, 1, folder, allocator)) {
      try (OutputStream out = Files.newOutputStream(interactions)) {
        ingest.writeInteractions(out, allocator);
      }
      Funnel funnel = ingest.funnel();
      assertThat(funnel.users()).isEqualTo(8_442);
      assertThat(funnel.items()).isEqualTo(4_385);
      assertThat(funnel.interactions()).isEqualTo(59_384);
      try (History history = History.read(interactions, 4_385, allocator);
          Requests requests =
              Requests.of(history, ingest.periods(), Behavior.BUY, (_, _) -> true, allocator)) {
        assertThat(requests.rows(Period.VALIDATION)).hasSize(8_442);
        assertThat(requests.rows(Period.TEST)).hasSize(8_442);
        Set<Integer> trained = new HashSet<>();
        for (int row : requests.rows(Period.TRAIN)) {
          trained.add(requests.target(row, 0));
        }
        int[] tests = requests.rows(Period.TEST);
        assertThat(Arrays.stream(tests).filter(row -> !trained.contains(requests.target(row, 0))))
            .as("test targets that never occur in training")
            .hasSize(37);
        assertThat(Arrays.stream(tests).filter(row -> repeats(history, requests, row)))
            .as("test targets that repeat an item of the history")
            .hasSize(50);
        double[] popularity = popularity(history, requests, ingest.periods());
        assertThat(popularity)
            .as("HR@10, NDCG@10")
            .containsExactly(new double[] {.0309, .0171}, within(.00005));
      }
    }
  }

  private static boolean repeats(History history, Requests requests, int row) {
    for (long i = history.start(requests.user(row)); i < requests.historyEnd(row); i++) {
      if (history.item(i) == requests.target(row, 0)) {
        return true;
      }
    }
    return false;
  }

  /** HR@10 and NDCG@10 of counts before validation; items that tie share their ranks. */
  private static double[] popularity(History history, Requests requests, Periods periods) {
    int[] counts = new int[history.items()];
    for (long row = 0; row < history.rows(); row++) {
      counts[history.item(row)] += history.timeMs(row) < periods.knownBeforeMs(Period.TEST) ? 1 : 0;
    }
    int[] tests = requests.rows(Period.TEST);
    double hits = 0;
    double gain = 0;
    for (int row : tests) {
      int own = counts[requests.target(row, 0)];
      int above = Math.toIntExact(Arrays.stream(counts).filter(count -> count > own).count());
      int ties = Math.toIntExact(Arrays.stream(counts).filter(count -> count == own).count());
      for (int rank = above; rank < Math.min(10, above + ties); rank++) {
        hits += 1.0 / ties;
        gain += Math.log(2) / Math.log(rank + 2) / ties;
      }
    }
    return new double[] {hits / tests.length, gain / tests.length};
  }
}
