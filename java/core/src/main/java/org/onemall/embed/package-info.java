/**
 * In: the items' texts, the features of their pictures and the tuned item tokenizer. Out: the
 * embedding of every item.
 */
@NullMarked
package org.onemall.embed;

import org.jspecify.annotations.NullMarked;
