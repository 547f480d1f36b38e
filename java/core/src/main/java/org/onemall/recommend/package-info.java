/**
 * In: the folder of a finished run, the networks, and users: of the run's log, or live ones with
 * what they did so far. Out: for each the best items in final order, with what brought them.
 */
@NullMarked
package org.onemall.recommend;

import org.jspecify.annotations.NullMarked;
