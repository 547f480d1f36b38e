/**
 * In: an open network, a source of batches, a schedule. Out: a trained network, its figures by
 * step, and an error that says which step it was.
 */
@NullMarked
package org.onemall.training;

import org.jspecify.annotations.NullMarked;
