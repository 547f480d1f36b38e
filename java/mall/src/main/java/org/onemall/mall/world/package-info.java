/**
 * In: a world's parameters and seed. Out: what does not depend on what anybody does: what is sold,
 * who shows it, the kinds of people, and what is on sale and on air on a day; texts; the world's
 * own random numbers and arithmetic, which give the same bits on every machine.
 */
@NullMarked
package org.onemall.mall.world;

import org.jspecify.annotations.NullMarked;
