package org.onemall.offer;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.onemall.beam.LeafFilter;
import org.onemall.beam.PopularityPrior;
import org.onemall.beam.SearchSpace;
import org.onemall.beam.Trie;
import org.onemall.semanticid.SidIndex;

/**
 * What a scenario offers between two changes: the items that are its own, have a SID and can be
 * had, their SIDs, the trie of these, and the popularity of its branches; or {@link #only} some of
 * that. Immutable.
 */
public final class Assortment implements Offered {
  private final SidIndex index;
  private final Trie trie;
  private final PopularityPrior prior;
  private final int[] items;

  /** Shared by all assortments: the place of an item in {@link #leafOf}, -1 for other scenarios. */
  private final int[] place;

  private final int[] leafOf;

  /** By item; null where all are wanted. */
  private final @Nullable BitSet wanted;

  private final @Nullable LeafFilter leaves;

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
    wanted = null;
    leaves = null;
  }

  private Assortment(Assortment whole, IntPredicate item) {
    index = whole.index;
    trie = whole.trie;
    prior = whole.prior;
    place = whole.place;
    leafOf = whole.leafOf;
    items = Arrays.stream(whole.items).filter(item).toArray();
    BitSet bits = new BitSet();
    Arrays.stream(items).forEach(bits::set);
    wanted = bits;
    leaves = LeafFilter.of(trie, this::hasWanted);
  }

  private boolean hasWanted(int leaf) {
    for (int i = 0; i < index.count(leaf); i++) {
      if (sid(index.item(leaf, i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * The items among these that somebody wants: in stock just now, of a category, below a price.
   * Shares the trie, so that it costs a pass over the items and one bit for each branch.
   *
   * @param item whether an item is wanted
   */
  public Assortment only(IntPredicate item) {
    return new Assortment(this, item);
  }

  /** The SIDs and their items, unwanted ones too: ask {@link #sid}. */
  public SidIndex index() {
    return index;
  }

  /** The popularity of the trie's branches, by snapshot. */
  public PopularityPrior prior() {
    return prior;
  }

  /** Where a beam search may look; with or without what is popular in a snapshot. */
  public SearchSpace space(boolean withPrior, int snapshot) {
    return new SearchSpace(trie, withPrior ? prior : null, snapshot, leaves);
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
    return leaves == null ? index.leaves() : leaves.leaves();
  }

  /** The leaf of the trie that an item is on; -1 for items that aren't offered. */
  @Override
  public int sid(int item) {
    return place[item] < 0 || (wanted != null && !wanted.get(item)) ? -1 : leafOf[place[item]] - 1;
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
