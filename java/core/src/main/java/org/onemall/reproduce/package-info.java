/**
 * In: the artefacts of many runs that differ in named settings and in their seed. Out: {@code
 * table.json} and {@code table.md}: a row for each setting with intervals over the seeds, and for
 * each claim of the paper whether it holds.
 */
@NullMarked
package org.onemall.reproduce;

import org.jspecify.annotations.NullMarked;
