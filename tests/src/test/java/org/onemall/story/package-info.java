/** In: source files. Out: proof that a user's whole way through the product works. */
@NullMarked
package org.onemall.story;

import org.jspecify.annotations.NullMarked;
