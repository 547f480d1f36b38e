/**
 * In: numbered tasks, or a range. Out: the same, done by some threads; results never depend on how
 * many.
 */
@NullMarked
package org.onemall.parallel;

import org.jspecify.annotations.NullMarked;
