/**
 * In: users' requests before the split. Out: a unit vector for each item, in a space where a user's
 * latest items lie near the next one.
 */
@NullMarked
package org.onemall.twotower;

import org.jspecify.annotations.NullMarked;
