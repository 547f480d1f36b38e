/**
 * In: the bytes that a stage writes. Out: run folders in which every artefact is whole, hashed and
 * committed, or not there; and how far the work is.
 */
@NullMarked
package org.onemall.run;

import org.jspecify.annotations.NullMarked;
