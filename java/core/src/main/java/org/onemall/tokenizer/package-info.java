/**
 * In: the items' texts and pictures, and the pairs of items that belong together. Out: the weights
 * of the item tokenizer's embedding model, tuned so that partners lie near each other, and what its
 * vision makes of each picture.
 */
@NullMarked
package org.onemall.tokenizer;

import org.jspecify.annotations.NullMarked;
