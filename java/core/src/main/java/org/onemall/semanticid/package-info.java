/**
 * In: item vectors and a codebook. Out: the Semantic ID of every item over time, the index from
 * Semantic IDs back to items, and a scorecard of how well they tell items apart.
 */
@NullMarked
package org.onemall.semanticid;

import org.jspecify.annotations.NullMarked;
