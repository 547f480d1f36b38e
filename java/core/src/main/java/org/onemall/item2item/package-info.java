/**
 * In: who watched, clicked and bought which items when, and the two-tower vectors. Out: pairs of
 * items that belong together, for the item tokenizer, and for every snapshot the neighbours of each
 * item, for the retriever. Nothing counted for a moment comes from after it.
 */
@NullMarked
package org.onemall.item2item;

import org.jspecify.annotations.NullMarked;
