/** In: a command line. Out: the verbs: what was asked for, done, or an error with its exit code. */
@NullMarked
package org.onemall.orchestrator.cli;

import org.jspecify.annotations.NullMarked;
