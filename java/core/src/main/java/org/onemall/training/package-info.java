/**
 * In: an open network, a source of batches, a schedule, a folder for checkpoints. Out: a trained
 * network, its figures by step, and an error that says which step it was; after a kill, the same
 * call goes on to the same bits.
 */
@NullMarked
package org.onemall.training;

import org.jspecify.annotations.NullMarked;
