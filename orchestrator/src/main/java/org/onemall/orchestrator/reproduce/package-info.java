/**
 * In: a table of the paper as experiments. Out: its cells, run and taken over where they are done,
 * as a table with verdicts.
 */
@NullMarked
package org.onemall.orchestrator.reproduce;

import org.jspecify.annotations.NullMarked;
