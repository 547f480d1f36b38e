package org.onemall.semanticid;

/** The Semantic IDs of items over time. */
@FunctionalInterface
public interface SidLookup {
  /** The code, at every level, of an item that has no SID in this scenario. */
  int NONE = -1;

  /**
   * Fills {@code out} (one code per level) with the SID of an item that was valid at a moment: the
   * latest one with {@code valid_from_ms <= timeMs}; with {@link #NONE} where it has none.
   */
  void codes(int item, long timeMs, int[] out);
}
