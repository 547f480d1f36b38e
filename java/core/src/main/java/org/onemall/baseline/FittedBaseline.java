package org.onemall.baseline;

import java.util.List;
import org.onemall.sample.Query;

/** A baseline that has learned. */
public interface FittedBaseline extends AutoCloseable {
  /** Scores of one batch of queries; for any number of threads until the next batch or the end. */
  @FunctionalInterface
  interface Scores {
    /**
     * Overwrites {@code scores}, one for each item of the catalogue; the higher, the better.
     *
     * @param query its place in the batch
     */
    void fill(int query, float[] scores);
  }

  /** Looks at a batch of queries; one thread at a time. */
  Scores batch(List<Query> queries);

  @Override
  void close();
}
