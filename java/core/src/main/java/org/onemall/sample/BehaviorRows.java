package org.onemall.sample;

import org.apache.arrow.memory.BufferAllocator;
import org.onemall.shop.Behavior;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * The rows of a history that have one behavior, ascending, 4 bytes each: who wants a user's latest
 * purchases needn't walk over all that the user was shown. Immutable, for any number of threads
 * until {@link #close}.
 */
final class BehaviorRows implements AutoCloseable {
  /** Rows as unsigned numbers. */
  private final Tensor rows;

  BehaviorRows(History history, Behavior behavior, BufferAllocator allocator) {
    if (history.rows() > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException(
          "history: expected at most 2^32 - 1 rows, found %d".formatted(history.rows()));
    }
    long count = 0;
    for (long row = 0; row < history.rows(); row++) {
      count += (history.behaviors(row) & behavior.bit()) == 0 ? 0 : 1;
    }
    rows = Tensor.allocate(allocator, DType.INT32, count);
    long next = 0;
    for (long row = 0; row < history.rows(); row++) {
      if ((history.behaviors(row) & behavior.bit()) != 0) {
        rows.setInt(next++, (int) row);
      }
    }
  }

  /** How many of them come before a row of the history: they are 0 .. result - 1. */
  long before(long row) {
    long low = 0;
    long high = rows.size();
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (row(middle) < row) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The history's row in a place. */
  long row(long place) {
    return Integer.toUnsignedLong(rows.getInt(place));
  }

  @Override
  public void close() {
    rows.close();
  }
}
