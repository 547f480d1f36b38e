/**
 * In: a world and a path that {@code items.pictures} names. Out: the JPEG, drawn from the item's
 * leaf, colour and pattern.
 */
@NullMarked
package org.onemall.mall.picture;

import org.jspecify.annotations.NullMarked;
