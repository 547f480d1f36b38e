/**
 * In: requests up to a moment. Out: scorers that rank the whole catalogue for a user's past without
 * any network, tuned on validation as carefully as the models that are compared with them.
 */
@NullMarked
package org.onemall.baseline;

import org.jspecify.annotations.NullMarked;
