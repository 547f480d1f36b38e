/**
 * In: SIDs over time and when items can be had. Out: what a scenario offers at a moment, with its
 * trie.
 */
@NullMarked
package org.onemall.offer;

import org.jspecify.annotations.NullMarked;
