package org.onemall.evaluate;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.onemall.tensor.Tensor;

/**
 * What was known when the test period began, and of the items themselves: what figures are told
 * apart by.
 *
 * @param cutoff the k of the lists that are looked at
 * @param taken by item, how often it was taken before the test period; -1 for an item of another
 *     scenario, which is never recommended here
 * @param knownUser whether a user had done anything before the test period
 * @param prices by item; 0 where nobody knows
 * @param vectors FLOAT32 (items, width), row = item; items are alike by cosine. Belongs to the
 *     caller, who keeps it open while requests are measured
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
public record Background(
    int cutoff, int[] taken, IntPredicate knownUser, float[] prices, Tensor vectors) {
  public Background {
    if (cutoff < 1) {
      throw new IllegalArgumentException(
          "evaluation: expected a cutoff of at least 1, found " + cutoff);
    }
    if (prices.length != taken.length || vectors.dim(0) != taken.length) {
      throw new IllegalArgumentException(
          "evaluation: expected a price and a vector for each of %d items, found %d prices, %s"
              .formatted(taken.length, prices.length, vectors));
    }
  }

  /** Number of items of all scenarios. */
  int items() {
    return taken.length;
  }

  /** Items of the scenario. */
  int[] candidates() {
    return IntStream.range(0, taken.length).filter(i -> taken[i] >= 0).toArray();
  }

  /** How often items of the scenario were taken in all. */
  long takenInAll() {
    return Arrays.stream(taken).filter(times -> times > 0).asLongStream().sum();
  }
}
