package org.onemall.semanticid;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.shop.InteractionReader;

/**
 * Pairs of items that one user touched one right after the other, as rows of vectors that held at
 * those moments: what good vectors should have near each other.
 *
 * @param from row of the first item of each pair
 * @param to row of the next one, another item
 * @param timeMs of the second event
 */
@SuppressWarnings("ArrayRecordComponent")
public record NextPairs(int[] from, int[] to, long[] timeMs) {
  /** Number of pairs. */
  public int size() {
    return from.length;
  }

  /**
   * Draws pairs from a log.
   *
   * @param startMs both events are not earlier
   * @param endMs and earlier than this
   */
  public static NextPairs read(
      Path interactions,
      Validity validity,
      SemanticIdConfig.Measures config,
      long startMs,
      long endMs,
      long seed,
      BufferAllocator allocator)
      throws IOException {
    Walk walk = new Walk(validity, config);
    try (InteractionReader reader = new InteractionReader(interactions, allocator)) {
      while (reader.next()) {
        long moment = reader.seenMs();
        if (reader.did(config.behavior()) && moment >= startMs && moment < endMs) {
          walk.event(reader.user(), validity.at(reader.item(), moment), moment);
        }
      }
    }
    return walk.draw(config.pairs(), new SplittableRandom(seed));
  }

  /** Walks over the table, which is sorted by user, time and request. */
  private static final class Walk {
    private final Validity validity;
    private final long gapMs;
    private final IntArrayList from = new IntArrayList();
    private final IntArrayList to = new IntArrayList();
    private final LongArrayList times = new LongArrayList();
    private int user = -1;
    private int row = -1;
    private long time;

    Walk(Validity validity, SemanticIdConfig.Measures config) {
      this.validity = validity;
      this.gapMs = config.pairMinutes() * 60_000L;
    }

    /** An event on an item of another scenario, or one without a vector, is skipped. */
    void event(int byUser, int next, long moment) {
      if (next < 0) {
        return;
      }
      boolean pair =
          byUser == user
              && row >= 0
              && moment - time <= gapMs
              && validity.item()[row] != validity.item()[next];
      if (pair) {
        from.add(row);
        to.add(next);
        times.add(moment);
      }
      user = byUser;
      row = next;
      time = moment;
    }

    NextPairs draw(int most, SplittableRandom random) {
      int[] order = new int[from.size()];
      for (int i = 0; i < order.length; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      int count = Math.min(most, order.length);
      NextPairs drawn = new NextPairs(new int[count], new int[count], new long[count]);
      for (int i = 0; i < count; i++) {
        drawn.from[i] = from.getInt(order[i]);
        drawn.to[i] = to.getInt(order[i]);
        drawn.timeMs[i] = times.getLong(order[i]);
      }
      return drawn;
    }
  }
}
