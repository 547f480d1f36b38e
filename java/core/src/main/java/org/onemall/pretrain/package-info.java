/**
 * In: requests assembled into batches, and a retriever to train. Out: the weights of its best
 * validation, and the curve that led there. A killed training goes on from its last checkpoint to
 * the same bits (CPU, same thread count).
 */
@NullMarked
package org.onemall.pretrain;

import org.jspecify.annotations.NullMarked;
