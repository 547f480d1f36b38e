package org.onemall.beam;

import java.util.BitSet;
import java.util.function.IntPredicate;

/**
 * The leaves that may be retrieved now (on sale, on air, allowed here), and with them the children
 * of every level that still lead somewhere. Made once for a moment, then shared by its requests.
 */
public final class LeafFilter {
  private final BitSet[] legal;

  private LeafFilter(BitSet[] legal) {
    this.legal = legal;
  }

  /** The leaves of a trie that are allowed. */
  public static LeafFilter of(Trie trie, IntPredicate allowedLeaf) {
    int last = trie.levels() - 1;
    BitSet[] legal = new BitSet[trie.levels()];
    legal[last] = new BitSet(trie.children(last));
    for (int leaf = 0; leaf < trie.children(last); leaf++) {
      legal[last].set(leaf, allowedLeaf.test(leaf));
    }
    for (int level = last - 1; level >= 0; level--) {
      legal[level] = new BitSet(trie.children(level));
      for (int child = 0; child < trie.children(level); child++) {
        int next = legal[level + 1].nextSetBit(trie.from(level + 1, child));
        legal[level].set(child, next >= 0 && next < trie.to(level + 1, child));
      }
    }
    return new LeafFilter(legal);
  }

  /** Whether a child leads to an allowed leaf. */
  boolean legal(int level, int child) {
    return legal[level].get(child);
  }

  /** How many leaves are allowed. */
  public int leaves() {
    return legal[legal.length - 1].cardinality();
  }

  /** Whether nothing is allowed. */
  boolean isEmpty() {
    return legal[0].isEmpty();
  }
}
