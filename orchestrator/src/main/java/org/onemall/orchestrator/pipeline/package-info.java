/**
 * In: a config and the stages. Out: a run: every stage in order, each fed with what earlier ones
 * wrote.
 */
@NullMarked
package org.onemall.orchestrator.pipeline;

import org.jspecify.annotations.NullMarked;
