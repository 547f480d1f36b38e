/**
 * In: a world. Out: its users, with latents that nobody else may know ({@link Shopper}), what they
 * are after ({@link Intent}), what is remembered of them ({@link UserStates}), and the true
 * probabilities of what they do ({@link ResponseModel}).
 */
@NullMarked
package org.onemall.mall.users;

import org.jspecify.annotations.NullMarked;
