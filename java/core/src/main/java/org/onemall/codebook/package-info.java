/**
 * In: item vectors. Out: a codebook (residual k-means levels and, as the last level, FSQ or another
 * k-means) and, with one, the code of a vector at every level.
 */
@NullMarked
package org.onemall.codebook;

import org.jspecify.annotations.NullMarked;
