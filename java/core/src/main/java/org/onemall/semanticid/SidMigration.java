package org.onemall.semanticid;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a new codebook changes: which items get other codes, level by level, by the latest SID of
 * each item.
 *
 * @param items that have a SID in both versions
 * @param gone items that have one in the old version only
 * @param added items that have one in the new version only
 * @param levels for the first code, the first two, and so on
 */
public record SidMigration(int items, int gone, int added, List<Level> levels) {
  public SidMigration {
    levels = List.copyOf(levels);
  }

  /**
   * One depth.
   *
   * @param moved items whose codes up to here differ: what a retriever must learn anew
   * @param regrouped items that would differ even if the new version's codes were renamed to fit
   *     the old ones best: what the numbering of centroids, which is arbitrary, doesn't explain
   * @param which items moved, ascending
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Level(int moved, int regrouped, int[] which) {}

  /** Compares two versions; the number of levels may differ, then the common ones count. */
  public static SidMigration of(SemanticIds before, SemanticIds after) {
    IntArrayList both = new IntArrayList();
    int gone = 0;
    int added = 0;
    for (int item = 0; item < Math.max(before.items(), after.items()); item++) {
      if (before.has(item) && after.has(item)) {
        both.add(item);
      } else {
        gone += before.has(item) ? 1 : 0;
        added += after.has(item) ? 1 : 0;
      }
    }
    List<Level> levels = new ArrayList<>();
    for (int depth = 1; depth <= Math.min(before.levels(), after.levels()); depth++) {
      levels.add(level(before, after, both, depth));
    }
    return new SidMigration(both.size(), gone, added, levels);
  }

  private static Level level(SemanticIds before, SemanticIds after, IntArrayList items, int depth) {
    IntArrayList moved = new IntArrayList();
    Map<Pair, Integer> overlaps = new HashMap<>();
    for (int item : items) {
      int[] old = codes(before, item);
      int[] now = codes(after, item);
      boolean same = true;
      for (int level = 0; level < depth; level++) {
        same &= old[level] == now[level];
      }
      if (!same) {
        moved.add(item);
      }
      Pair pair = new Pair(key(old, before.sizes(), depth), key(now, after.sizes(), depth));
      overlaps.merge(pair, 1, Integer::sum);
    }
    return new Level(moved.size(), items.size() - matched(overlaps), moved.toIntArray());
  }

  private record Pair(long before, long after) {}

  /** Items whose old group got the new group that it overlaps with most, the largest first. */
  private static int matched(Map<Pair, Integer> overlaps) {
    List<Map.Entry<Pair, Integer>> largest = new ArrayList<>(overlaps.entrySet());
    largest.sort(
        Comparator.<Map.Entry<Pair, Integer>>comparingInt(entry -> -entry.getValue())
            .thenComparingLong(entry -> entry.getKey().before())
            .thenComparingLong(entry -> entry.getKey().after()));
    LongOpenHashSet old = new LongOpenHashSet();
    LongOpenHashSet now = new LongOpenHashSet();
    int matched = 0;
    for (Map.Entry<Pair, Integer> entry : largest) {
      Pair pair = entry.getKey();
      if (!old.contains(pair.before()) && !now.contains(pair.after())) {
        old.add(pair.before());
        now.add(pair.after());
        matched += entry.getValue();
      }
    }
    return matched;
  }

  private static int[] codes(SemanticIds ids, int item) {
    int[] sid = new int[ids.levels()];
    ids.codes(item, Long.MAX_VALUE, sid);
    return sid;
  }

  private static long key(int[] codes, int[] sizes, int depth) {
    long key = 0;
    for (int level = 0; level < depth; level++) {
      key = key * sizes[level] + codes[level];
    }
    return key;
  }
}
