/**
 * In: what is known of each item as vectors. Out: the one vector that Semantic IDs are made from.
 */
@NullMarked
package org.onemall.represent;

import org.jspecify.annotations.NullMarked;
