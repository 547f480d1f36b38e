package org.onemall.represent;

/** The Semantic IDs of product cards. */
public interface ProductCodes {
  /** Codes of each level. */
  int[] sizes();

  /** Fills {@code out} with a product's codes, -1 for each where it has none. */
  void fill(int product, int[] out);
}
