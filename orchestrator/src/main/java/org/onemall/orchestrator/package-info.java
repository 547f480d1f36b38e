/** In: a config. Out: a run: every stage in order, each fed with what earlier ones wrote. */
@NullMarked
package org.onemall.orchestrator;

import org.jspecify.annotations.NullMarked;
