/**
 * In: the tables that ingest wrote. Out: what every later stage reads of a shop, parsed once:
 * catalogue, baskets, what can be had when, the states of rooms, and the periods of the split.
 */
@NullMarked
package org.onemall.shop;

import org.jspecify.annotations.NullMarked;
