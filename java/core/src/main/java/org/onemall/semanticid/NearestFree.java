package org.onemall.semanticid;

import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.util.BitSet;

/**
 * Resolves conflicts in the order in which items came, so that a SID once given stays: an item
 * keeps its SID unless an earlier one has it; then it takes the nearest last-level code that no
 * earlier item under its prefix has. Where there is none left it shares its own. Prefixes never
 * change; ties go to the lower code.
 *
 * <p>Whoever was there first decides, not whoever lies nearest: only so the SIDs of a catalogue are
 * those that its beginning had, and a shop that grows gives new items SIDs without a change to any.
 */
final class NearestFree {
  private NearestFree() {}

  /**
   * Changes the last level of {@code codes}.
   *
   * @param sizes codes of each level
   * @param codes by level and row
   * @param order rows, in the order in which their items came; others keep their codes and are in
   *     nobody's way
   * @return number of rows that moved
   */
  static int resolve(int[] sizes, int[][] codes, int[] order, CodeDistance distance) {
    int size = sizes[sizes.length - 1];
    int[] last = codes[codes.length - 1];
    long[] prefixes = SidIndex.keys(sizes, codes, codes.length - 1);
    Long2ObjectOpenHashMap<BitSet> takenUnder = new Long2ObjectOpenHashMap<>();
    int moved = 0;
    for (int row : order) {
      BitSet taken = takenUnder.computeIfAbsent(prefixes[row], _ -> new BitSet(size));
      if (taken.get(last[row])) {
        int free = nearest(row, taken, size, distance);
        if (free < 0) {
          continue;
        }
        last[row] = free;
        moved++;
      }
      taken.set(last[row]);
    }
    return moved;
  }

  private static int nearest(int row, BitSet taken, int size, CodeDistance distance) {
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int code = taken.nextClearBit(0); code < size; code = taken.nextClearBit(code + 1)) {
      double of = distance.of(row, code);
      if (of < least) {
        least = of;
        best = code;
      }
    }
    return best;
  }
}
