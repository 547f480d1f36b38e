package org.onemall.codebook;

import java.util.ArrayList;
import java.util.List;

/**
 * What a codebook is, written beside it as {@code codebook.json}.
 *
 * @param sizes codes of each k-means level
 * @param last whether an FSQ level follows them
 * @param bits bits of the FSQ level, 0 without one
 * @param width floats of the vectors that it codes
 */
public record CodebookMetadata(List<Integer> sizes, CodebookConfig.Last last, int bits, int width) {
  public CodebookMetadata {
    sizes = List.copyOf(sizes);
    if ((last == CodebookConfig.Last.FSQ) != (bits > 0)) {
      throw new IllegalArgumentException(
          "codebook metadata: last level %s with %d bits".formatted(last, bits));
    }
    if (width < 1 || sizes.isEmpty()) {
      throw new IllegalArgumentException(
          "codebook metadata: sizes %s, width %d".formatted(sizes, width));
    }
  }

  /** Codes of every level of a SID, the last one included. */
  public int[] levelSizes() {
    List<Integer> all = new ArrayList<>(sizes);
    if (last == CodebookConfig.Last.FSQ) {
      all.add(1 << bits);
    }
    return all.stream().mapToInt(Integer::intValue).toArray();
  }
}
