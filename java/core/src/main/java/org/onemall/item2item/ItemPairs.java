package org.onemall.item2item;

import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Pairs of items out of one source after the other, each source's best first, as long as both items
 * have room: no item ends up in more pairs than the cap, counting both directions. A pair that two
 * sources know is the first one's. Ties go to the lower items. Mutable, for one thread.
 */
public final class ItemPairs {
  private final int[] pairsOfItem;
  private final LongOpenHashSet taken = new LongOpenHashSet();
  private final IntArrayList anchors = new IntArrayList();
  private final IntArrayList positives = new IntArrayList();
  private final DoubleArrayList scores = new DoubleArrayList();
  private final List<String> sources = new ArrayList<>();

  /** No pairs yet, among {@code items} items. */
  public ItemPairs(int items) {
    pairsOfItem = new int[items];
  }

  /**
   * Takes the best of what {@code source} offers.
   *
   * @param most pairs of one item when this returns, over all sources so far
   */
  public void add(String source, NeighbourLists offered, int most) {
    add((a, b) -> source, offered, most, most, false);
  }

  /**
   * Likewise.
   *
   * @param mostOfSource pairs of one item that this source adds
   */
  void add(String source, NeighbourLists offered, int most, int mostOfSource) {
    add((a, b) -> source, offered, most, mostOfSource, false);
  }

  /** Likewise, where the item that has the list is the anchor; else the lower of the two is. */
  void addFrom(String source, NeighbourLists offered, int most) {
    add((a, b) -> source, offered, most, most, true);
  }

  /** Likewise, where every pair has a source of its own. */
  void add(SourceOf source, NeighbourLists offered, int most) {
    add(source, offered, most, most, false);
  }

  /** Names the source of a pair. */
  @FunctionalInterface
  interface SourceOf {
    String source(int a, int b);
  }

  private void add(
      SourceOf source, NeighbourLists offered, int most, int mostOfSource, boolean directed) {
    IntArrayList low = new IntArrayList();
    IntArrayList high = new IntArrayList();
    DoubleArrayList score = new DoubleArrayList();
    LongOpenHashSet seen = new LongOpenHashSet();
    for (int item = 0; item < offered.items(); item++) {
      for (int rank = 0; rank < offered.count(item); rank++) {
        int other = offered.other(item, rank);
        long key = key(item, other);
        if (other != item && !taken.contains(key) && seen.add(key)) {
          low.add(directed ? item : Math.min(item, other));
          high.add(directed ? other : Math.max(item, other));
          score.add(offered.score(item, rank));
        }
      }
    }
    int[] limit = pairsOfItem.clone();
    Arrays.setAll(limit, item -> (int) Math.min(most, (long) limit[item] + mostOfSource));
    for (int pair : byFallingScore(low, high, score)) {
      int a = low.getInt(pair);
      int b = high.getInt(pair);
      if (pairsOfItem[a] < limit[a] && pairsOfItem[b] < limit[b]) {
        pairsOfItem[a]++;
        pairsOfItem[b]++;
        taken.add(key(a, b));
        anchors.add(a);
        positives.add(b);
        scores.add(score.getDouble(pair));
        sources.add(source.source(a, b));
      }
    }
  }

  private static int[] byFallingScore(IntArrayList low, IntArrayList high, DoubleArrayList score) {
    int[] order = new int[low.size()];
    Arrays.setAll(order, i -> i);
    IntArrays.stableSort(
        order,
        (x, y) -> {
          int byScore = Double.compare(score.getDouble(y), score.getDouble(x));
          if (byScore != 0) {
            return byScore;
          }
          int byLow = Integer.compare(low.getInt(x), low.getInt(y));
          return byLow != 0 ? byLow : Integer.compare(high.getInt(x), high.getInt(y));
        });
    return order;
  }

  private static long key(int a, int b) {
    return ((long) Math.min(a, b) << 32) | Math.max(a, b);
  }

  /** Number of pairs. */
  public int size() {
    return anchors.size();
  }

  /** Number of items that are in a pair. */
  public int itemsInPairs() {
    int items = 0;
    for (int pairs : pairsOfItem) {
      items += pairs > 0 ? 1 : 0;
    }
    return items;
  }

  /** Number of pairs of each source, by name. */
  public Map<String, Integer> bySource() {
    Map<String, Integer> counts = new TreeMap<>();
    sources.forEach(source -> counts.merge(source, 1, Integer::sum));
    return counts;
  }

  public int anchor(int pair) {
    return anchors.getInt(pair);
  }

  public int positive(int pair) {
    return positives.getInt(pair);
  }

  public double score(int pair) {
    return scores.getDouble(pair);
  }

  public String source(int pair) {
    return sources.get(pair);
  }
}
