package org.onemall.semanticid;

import java.util.Arrays;
import org.onemall.represent.ProductCodes;

/** The Semantic IDs of product cards, which have one for all time. */
public record CardCodes(SemanticIds sids) implements ProductCodes {
  @Override
  public int[] sizes() {
    return sids.sizes();
  }

  @Override
  public void fill(int product, int[] out) {
    Arrays.fill(out, -1);
    if (sids.has(product)) {
      sids.codes(product, Long.MAX_VALUE, out);
    }
  }
}
