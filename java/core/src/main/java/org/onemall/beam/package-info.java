/**
 * In: the Semantic IDs in use and a network's next-code logits. Out: for every request the
 * likeliest Semantic IDs, sorted, and never one that no item has.
 */
@NullMarked
package org.onemall.beam;

import org.jspecify.annotations.NullMarked;
