/**
 * In: a size and a seed. Out: the log of a simulated shop with three scenarios (product cards,
 * short videos, live rooms) as a source folder, the truth behind it in tables of its own, and its
 * pictures, drawn on demand.
 *
 * <p>Its packages, each using only those before it: {@code world} (what is sold, who shows it, what
 * is on sale and on air on a day), {@code users} (who buys, and the law of what they do), {@code
 * policy} (what is shown, and the sessions), {@code picture}, {@code tables} (the folder), {@code
 * check} (the log against its truth). {@link Mall} generates, checks and opens one.
 *
 * <p>Where this world departs from the specification that it was built from:
 *
 * <ol>
 *   <li>All times are UTC; day 0 is Monday, 2026-01-05. A session starts no page after midnight, so
 *       that a day's file holds the whole of its sessions.
 *   <li>Texts and pictures have a generator for each item, seeded by hash, and the latents of a
 *       user have one for each user, so that they can be made anew at any time instead of stored.
 *   <li>A live room is the author's, over all days: one item. Fatigue counts the author.
 *   <li>A list slot of a room whose product is not on sale shows the next product of the author's
 *       pool that is; with none the room is off air. Slots that repeat a product count once.
 *   <li>All probabilities of a page are those of the state at its start.
 *   <li>A triggered intent lapses with its session.
 *   <li>At most 16 leaves bought and 4 follow-ups are remembered of a user, the latest.
 *   <li>With more than 1,000 authors, a user can follow only those among 1,000 drawn by hash.
 *   <li>A day out of stock is visible in the log (nobody is shown the product), but not in {@code
 *       items}.
 *   <li>Entertainment videos are there all the time.
 *   <li>{@code beta_card} is -3.90 instead of -3.74: with ids shuffled and sessions in order, users
 *       here click a tenth more.
 *   <li>{@code ReproducibleMath.exp} stands in for StrictMath's where it is called often.
 * </ol>
 */
@NullMarked
package org.onemall.mall;

import org.jspecify.annotations.NullMarked;
