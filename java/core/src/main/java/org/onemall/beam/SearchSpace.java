package org.onemall.beam;

import org.jspecify.annotations.Nullable;

/**
 * Where one request's search may look.
 *
 * @param trie of the SIDs that exist at its moment
 * @param prior added to the logits with {@link NextCodes#priorWeight}; null for none
 * @param snapshot whose popularity the request may know
 * @param allowed null where every leaf is
 */
public record SearchSpace(
    Trie trie, @Nullable PopularityPrior prior, int snapshot, @Nullable LeafFilter allowed) {
  /** Whether nothing is allowed. */
  boolean isEmpty() {
    return allowed != null && allowed.isEmpty();
  }
}
