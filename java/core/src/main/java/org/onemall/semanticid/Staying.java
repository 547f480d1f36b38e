package org.onemall.semanticid;

/**
 * Hysteresis: a room that goes on selling keeps its code at a level unless the new one's squared
 * distance is smaller by more than a share of it; from the first level that it leaves on it takes
 * the new codes. Where a row begins anew (the room went on air, or the item never changes) it takes
 * them all. Share 0 = always the new codes, 1 = those of the session's start.
 *
 * <p>Goes level by level over all rows, so that every level codes what the codes that were kept
 * left over.
 */
public final class Staying {
  private final double share;

  /** Rows that left the codes of the row before, at this level or an earlier one. */
  private final boolean[] left;

  /** For one pass over all levels. */
  public Staying(Validity validity, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("hysteresis: expected 0 to 1, found " + share);
    }
    this.share = share;
    left = new boolean[validity.rows()];
    for (int row = 0; row < left.length; row++) {
      left[row] = share == 0 || validity.begins(row);
    }
  }

  /**
   * The codes of a level.
   *
   * @param own the new code of each row
   */
  int[] choose(int[] own, CodeDistance distance) {
    int[] kept = own.clone();
    for (int row = 0; row < kept.length; row++) {
      if (left[row] || kept[row - 1] == own[row]) {
        continue;
      }
      double stays = distance.of(row, kept[row - 1]);
      left[row] = share < 1 && distance.of(row, own[row]) < (1 - share) * stays;
      if (!left[row]) {
        kept[row] = kept[row - 1];
      }
    }
    return kept;
  }
}
