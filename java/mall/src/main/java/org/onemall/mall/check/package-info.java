/**
 * In: a finished world's folder. Out: how far its log agrees with its truth, and how far baselines,
 * heuristics and oracles get on its last days.
 */
@NullMarked
package org.onemall.mall.check;

import org.jspecify.annotations.NullMarked;
