/**
 * In: what was known of a shop at a moment. Out: models to compare with, which learn from that and
 * then score the whole catalogue for the same queries as ours; counting ones today, tuned on
 * validation as carefully as the models that are compared with them.
 */
@NullMarked
package org.onemall.baseline;

import org.jspecify.annotations.NullMarked;
