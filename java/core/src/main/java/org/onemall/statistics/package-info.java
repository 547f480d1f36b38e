/**
 * In: sums by user, figures by seed. Out: estimates with intervals, and draws that are the same for
 * the same seed.
 */
@NullMarked
package org.onemall.statistics;

import org.jspecify.annotations.NullMarked;
