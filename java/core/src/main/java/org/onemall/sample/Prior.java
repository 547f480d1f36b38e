package org.onemall.sample;

import org.onemall.tensor.Tensor;

/** What is known of the next code before the user is looked at. */
@FunctionalInterface
public interface Prior {
  /**
   * Writes the log of the smoothed popularity, in a snapshot, of every code of {@code level} given
   * the codes {@code prefix[0..level)}: one float per code of the level from flat index {@code
   * start} of {@code out}; negative infinity where no item that is offered at {@code timeMs}
   * continues the prefix that way. Snapshot -1 knows no events. {@code prefix} may be longer than
   * {@code level} and is lent for the call.
   */
  void fill(long timeMs, int snapshot, int[] prefix, int level, Tensor out, long start);
}
