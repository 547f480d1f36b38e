package org.onemall.mall.world;

/**
 * Rows of a column grouped by leaf: those of leaf l are {@code rows[from[l]] .. rows[from[l + 1] -
 * 1]}, ascending.
 */
public final class LeafRows {
  final int[] rows;
  final int[] from = new int[Taxonomy.LEAVES + 1];

  LeafRows(byte[] leaf) {
    for (byte l : leaf) {
      from[l + 1]++;
    }
    for (int l = 0; l < Taxonomy.LEAVES; l++) {
      from[l + 1] += from[l];
    }
    int[] next = from.clone();
    rows = new int[leaf.length];
    for (int p = 0; p < leaf.length; p++) {
      rows[next[leaf[p]]++] = p;
    }
  }
}
