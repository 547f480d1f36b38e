/** In: the items' texts and the tuned item tokenizer. Out: the embedding of every item. */
@NullMarked
package org.onemall.embed;

import org.jspecify.annotations.NullMarked;
