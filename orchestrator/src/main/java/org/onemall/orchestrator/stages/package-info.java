/**
 * In: the artefacts that a stage names. Out: those that it writes, by one call of the algorithm of
 * its package.
 */
@NullMarked
package org.onemall.orchestrator.stages;

import org.jspecify.annotations.NullMarked;
