/**
 * In: a shape and an element type. Out: dense off-heap arrays that both languages can read and
 * write in place.
 */
@NullMarked
package org.onemall.tensor;

import org.jspecify.annotations.NullMarked;
