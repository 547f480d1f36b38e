package org.onemall.semanticid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.shop.Behavior;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class NeighbourHitsTest {
  private static final int CLICK = Behavior.CLICK.bit();

  @TempDir Path folder;

  @Test
  void sharesByHandAgree() {
    // Items 10 to 13 always, item 14 from moment 100 on with another vector than before.
    Validity validity =
        new Validity(
            new int[] {10, 11, 12, 13, 14, 14},
            new long[] {0, 0, 0, 0, 0, 100},
            new long[] {999, 999, 999, 999, 100, 999});
    int[][] codes = {{0, 0, 0, 1, 1, 0}, {0, 1, 1, 0, 0, 0}};
    try (RootAllocator allocator = new RootAllocator();
        Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, 6, 2)) {
      vectors.copyFrom(new float[] {1, 0, 2, 2, 3, 1, 0, 1, 0, 1, 5, 0}, 0);
      // From 10 to 11: at 50 only 12 is nearer, at 150 so is 14, which then has the same SID.
      NextPairs pairs = new NextPairs(new int[] {0, 0}, new int[] {1, 1}, new long[] {50, 150});
      NeighbourHits hits = NeighbourHits.of(vectors, codes, validity, pairs, List.of(1, 2, 3), 2);
      assertThat(hits.pairs()).isEqualTo(2);
      assertThat(hits.candidates()).isEqualTo(4);
      assertThat(hits.rates()).extracting(NeighbourHits.Rate::vectors).containsExactly(0., .5, 1.);
      // By SID: 11 and 12 share the first code with 10; one of the two is next, or the second.
      assertThat(hits.rates())
          .extracting(NeighbourHits.Rate::sid)
          .containsExactly(.25, (1 + .5) / 2, 1.);
      assertThat(hits.rates().get(0).random()).isCloseTo(.25, within(1e-12));
    }
  }

  @Test
  void pairsAreNextEventsOfOneUserInsideThePeriod() throws IOException {
    Path log = folder.resolve("interactions.arrow");
    long minute = 60_000;
    long[][] events = {
      // user, item, minute, behaviors
      {0, 1, 1, CLICK}, // too early
      {0, 2, 10, CLICK},
      {0, 2, 11, CLICK}, // the same item
      {0, 7, 12, CLICK}, // has no vector
      {0, 3, 12, CLICK}, // pair 2, 3
      {0, 1, 13, 1}, // no click
      {0, 1, 80, CLICK}, // too late after it
      {1, 2, 81, CLICK}, // another user
      {1, 1, 82, CLICK}, // pair 2, 1
      {1, 3, 100, CLICK}, // after the period
    };
    SemanticIdConfig.Measures config =
        new SemanticIdConfig.Measures(Behavior.CLICK, 10, 30, List.of(1), List.of());
    try (RootAllocator allocator = new RootAllocator()) {
      try (OutputStream out = Files.newOutputStream(log);
          TableWriter writer =
              new TableWriter(TableSchema.INTERACTIONS.schema(0), out, allocator)) {
        for (long[] event : events) {
          writer.setInt(0, 0).setInt(1, (int) event[0]).setInt(2, (int) event[1]);
          writer.setLong(3, event[2] * minute).setInt(4, 0).setInt(5, (int) event[3]);
          writer.setFloat(6, 0).setFloat(7, 0).endRow();
        }
      }
      Validity validity = Validity.always(new int[] {1, 2, 3});
      NextPairs pairs =
          NextPairs.read(log, validity, config, 5 * minute, 100 * minute, 3, allocator);
      assertThat(pairs.size()).isEqualTo(2);
      int first = pairs.timeMs()[0] == 12 * minute ? 0 : 1;
      assertThat(pairs.from()[first]).isEqualTo(1);
      assertThat(pairs.to()[first]).isEqualTo(2);
      assertThat(pairs.from()[1 - first]).isEqualTo(1);
      assertThat(pairs.to()[1 - first]).isZero();
      assertThat(pairs.timeMs()[1 - first]).isEqualTo(82 * minute);
      SemanticIdConfig.Measures one =
          new SemanticIdConfig.Measures(Behavior.CLICK, 1, 30, List.of(1), List.of());
      assertThat(NextPairs.read(log, validity, one, 0, 100 * minute, 3, allocator).size())
          .isEqualTo(1);
    }
  }

  @Test
  void knownAndLaterVectorsAreToldApart() {
    try (RootAllocator allocator = new RootAllocator();
        Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, 3, 2)) {
      vectors.copyFrom(new float[] {1, 0, 0, 2, 3, 4}, 0);
      CodeDistances found =
          CodeDistances.of(new double[] {.5, 1.5, 5}, new boolean[] {true, true, false}, vectors);
      assertThat(found.known().rows()).isEqualTo(2);
      assertThat(found.known().mean()).isEqualTo(1);
      assertThat(found.known().share()).isEqualTo(2 / 5.);
      assertThat(found.known().p50()).isEqualTo(1.5);
      assertThat(found.later()).isEqualTo(new CodeDistances.Spread(1, 5, .2, 5, 5, 5, 5));
    }
  }
}
