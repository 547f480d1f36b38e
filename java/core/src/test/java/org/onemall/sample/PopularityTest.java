package org.onemall.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;

class PopularityTest {
  private static final double HALF_LIFE_DAYS = 9;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void countsWhatASnapshotKnowsWithHalfTheWeightPerHalfLife(long seed) throws IOException {
    RandomLog log = RandomLog.of(new Random(seed));
    SampleConfig config =
        new SampleConfig(
            Behavior.BUY,
            List.of(Behavior.BUY),
            4,
            4,
            4,
            .5f,
            HALF_LIFE_DAYS,
            SampleConfig.TargetWeight.REQUEST,
            null,
            null);
    Path interactions = folder.resolve("interactions.arrow");
    List<Long> snapshots = log.periods().snapshotsMs();
    assertThat(snapshots).hasSizeGreaterThan(5);
    try (RootAllocator allocator = new RootAllocator()) {
      log.writeInteractions(interactions, allocator);
      try (History history = History.read(interactions, log.items(), allocator);
          Popularity popularity = Popularity.of(history, log.periods(), config, allocator)) {
        for (int s = 0; s < snapshots.size(); s++) {
          for (int item = 0; item < log.items(); item++) {
            double recent = 0;
            int total = 0;
            for (RandomLog.Event event : log.events()) {
              double days = (double) (snapshots.get(s) - event.timeMs()) / Periods.DAY_MS;
              boolean bought = (event.behaviors() & Behavior.BUY.bit()) != 0;
              if (event.item() == item && bought && days > 0) {
                recent += Math.pow(.5, days / HALF_LIFE_DAYS);
                total++;
              }
            }
            assertThat(popularity.total(s, item)).isEqualTo(total);
            assertThat((double) popularity.recent(s, item))
                .as("seed %d, snapshot %d, item %d", seed, s, item)
                .isCloseTo(recent, within(1e-6 * Math.max(1, recent)));
          }
        }
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }
}
