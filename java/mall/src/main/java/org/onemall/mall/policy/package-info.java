/**
 * In: a world, its users and a day's offer. Out: what the simulated shop shows, with exact
 * propensities, and what users do with it: the rows of a day ({@link DayRows}), simulated session
 * by session ({@link SessionSimulator}) and page by page ({@link PageSimulator}).
 */
@NullMarked
package org.onemall.mall.policy;

import org.jspecify.annotations.NullMarked;
