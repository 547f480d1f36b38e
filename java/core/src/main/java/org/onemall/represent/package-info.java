/**
 * In: what is known of each item as vectors, and what live rooms sold when. Out: the vectors that
 * Semantic IDs are made from, and the features of every item that the retriever sees.
 */
@NullMarked
package org.onemall.represent;

import org.jspecify.annotations.NullMarked;
