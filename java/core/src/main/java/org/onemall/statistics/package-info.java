/**
 * In: sums by group (a user, say), figures by seed. Out: 95 % intervals over groups and over seeds,
 * a verdict on the interval of a difference, and draws that are the same for the same seed.
 */
@NullMarked
package org.onemall.statistics;

import org.jspecify.annotations.NullMarked;
