package org.onemall.offer;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import org.onemall.beam.PopularityPrior;
import org.onemall.beam.SearchSpace;
import org.onemall.beam.Trie;
import org.onemall.semanticid.SidIndex;

/**
 * What a scenario offers between two changes: the items that are its own, have a SID and can be
 * had, their SIDs, the trie of these, and the popularity of its branches. Immutable.
 */
public final class Assortment implements Offered {
  private final SidIndex index;
  private final Trie trie;
  private final PopularityPrior prior;
  private final int[] items;

  /** Shared by all assortments: the place of an item in {@link #leafOf}, -1 for other scenarios. */
  private final int[] place;

  private final int[] leafOf;

  Assortment(SidIndex index, float[][] counts, double smoothing, int[] place, int places) {
    this.index = index;
    this.place = place;
    trie = Trie.of(index);
    prior = PopularityPrior.of(trie, index, counts, smoothing);
    leafOf = new int[places];
    IntArrayList found = new IntArrayList();
    for (int leaf = 0; leaf < index.leaves(); leaf++) {
      for (int i = 0; i < index.count(leaf); i++) {
        leafOf[place[index.item(leaf, i)]] = leaf + 1;
        found.add(index.item(leaf, i));
      }
    }
    found.sort(null);
    items = found.toIntArray();
  }

  /** The SIDs and their items. */
  public SidIndex index() {
    return index;
  }

  /** The popularity of the trie's branches, by snapshot. */
  public PopularityPrior prior() {
    return prior;
  }

  /** Where a beam search may look; with or without what is popular in a snapshot. */
  public SearchSpace space(boolean withPrior, int snapshot) {
    return new SearchSpace(trie, withPrior ? prior : null, snapshot, null);
  }

  @Override
  public int items() {
    return items.length;
  }

  /** The {@code i}-th item, ascending. */
  public int item(int i) {
    return items[i];
  }

  @Override
  public int sids() {
    return index.leaves();
  }

  /** The leaf of the trie that an item is on; -1 for items that aren't offered. */
  @Override
  public int sid(int item) {
    return place[item] < 0 ? -1 : leafOf[place[item]] - 1;
  }

  /** Sets the scores of all items that aren't offered to negative infinity. */
  public void mask(float[] scores) {
    for (int item = 0; item < scores.length; item++) {
      if (sid(item) < 0) {
        scores[item] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
