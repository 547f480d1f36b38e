package org.onemall.beam;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import org.onemall.semanticid.SidIndex;

/**
 * The SIDs that exist, as a tree of codes in compressed sparse rows: 4 bytes a child and 4 a node.
 * The children of a node are sorted and lie side by side, and the i-th child of a level <em>is</em>
 * node i of the next one, so that no child pointers exist; the children of the last level are the
 * leaves of the {@link SidIndex}, in its order. Immutable.
 */
public final class Trie {
  private final int[] sizes;

  /** Level, child: its code. */
  private final int[][] codes;

  /** Level, node: where its children begin; one entry more than nodes. */
  private final int[][] starts;

  private Trie(int[] sizes, int[][] codes, int[][] starts) {
    this.sizes = sizes;
    this.codes = codes;
    this.starts = starts;
  }

  /** The tree of all leaves of an index, which must have one at least. */
  public static Trie of(SidIndex index) {
    int levels = index.levels();
    if (index.leaves() == 0) {
      throw new IllegalArgumentException("trie: expected at least one item with a SID, found none");
    }
    IntArrayList[] codes = new IntArrayList[levels];
    IntArrayList[] starts = new IntArrayList[levels];
    Arrays.setAll(codes, _ -> new IntArrayList());
    Arrays.setAll(starts, _ -> new IntArrayList());
    starts[0].add(0);
    int[] sid = new int[levels];
    int[] last = new int[levels];
    Arrays.fill(last, -1);
    for (int leaf = 0; leaf < index.leaves(); leaf++) {
      index.codes(leaf, sid);
      int level = Arrays.mismatch(sid, last);
      for (; level < levels; level++) {
        codes[level].add(sid[level]);
        if (level + 1 < levels) {
          starts[level + 1].add(codes[level + 1].size());
        }
      }
      System.arraycopy(sid, 0, last, 0, levels);
    }
    int[][] codesOf = new int[levels][];
    int[][] startsOf = new int[levels][];
    for (int level = 0; level < levels; level++) {
      codesOf[level] = codes[level].toIntArray();
      starts[level].add(codesOf[level].length);
      startsOf[level] = starts[level].toIntArray();
    }
    return new Trie(index.sizes(), codesOf, startsOf);
  }

  public int levels() {
    return sizes.length;
  }

  boolean hasSizes(int[] expected) {
    return Arrays.equals(sizes, expected);
  }

  /** Codes of a level, used or not. */
  public int size(int level) {
    return sizes[level];
  }

  /** Number of children of all nodes of a level: the prefixes that are one code longer. */
  public int children(int level) {
    return codes[level].length;
  }

  /** The first child of a node. */
  public int from(int level, int node) {
    return starts[level][node];
  }

  /** One past the last child of a node. */
  public int to(int level, int node) {
    return starts[level][node + 1];
  }

  /** The code of a child. */
  public int code(int level, int child) {
    return codes[level][child];
  }

  /** The codes of all children of a level; not to be written. */
  int[] codes(int level) {
    return codes[level];
  }

  /** The node that the first {@code depth} codes lead to; -1 where no SID begins so. */
  public int node(int[] prefix, int depth) {
    int node = 0;
    for (int level = 0; level < depth; level++) {
      node = Arrays.binarySearch(codes[level], from(level, node), to(level, node), prefix[level]);
      if (node < 0) {
        return -1;
      }
    }
    return node;
  }
}
