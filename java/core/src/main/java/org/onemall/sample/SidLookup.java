package org.onemall.sample;

/** The Semantic IDs of items over time. */
@FunctionalInterface
public interface SidLookup {
  /**
   * Fills {@code out} (one code per level) with the SID of an item that was valid at a moment: the
   * latest one with {@code valid_from_ms <= timeMs}.
   */
  void codes(int item, long timeMs, int[] out);
}
