package org.onemall.twotower;

import org.onemall.shop.Baskets;

/**
 * What the towers learn from: what users did before a moment, and what is known of the items.
 *
 * @param before only requests before this moment count
 * @param ends of the items of each period, see {@link org.onemall.model.ItemVectors#infer}
 * @param prices of all items
 * @param categories of all items, from 0 on, -1: none; read only if the config wants them
 */
@SuppressWarnings("ArrayRecordComponent") // columns, handed over as they are
public record TowerInput(
    Baskets baskets, long before, int[] ends, float[] prices, int[] categories) {
  /**
   * How many items, from 0 on, were there before that moment: only they have ids of their own, and
   * only they say what an average price is.
   */
  int known() {
    return ends[0];
  }

  public TowerInput {
    if (prices.length != baskets.items() || categories.length != baskets.items()) {
      throw new IllegalArgumentException(
          "towers: expected a price and a category of each of %d items, found %d and %d"
              .formatted(baskets.items(), prices.length, categories.length));
    }
  }
}
