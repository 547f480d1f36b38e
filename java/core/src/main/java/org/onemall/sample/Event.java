package org.onemall.sample;

import org.onemall.shop.Behavior;

/**
 * What one user did to one item, as a live user brings it along.
 *
 * @param request groups what was seen together; rises with time
 * @param timeMs of the request
 * @param behaviors mask of {@link Behavior#bit}
 * @param seenMs when the item was seen: at {@code timeMs} or a little later
 * @param product that the item sold or showed then; -1 for none but itself
 */
public record Event(int request, int item, long timeMs, int behaviors, long seenMs, int product) {}
