/**
 * In: assembled requests, a trained retriever, and when items can be had. Out: what a scenario
 * offers at each request's moment, and of that the SIDs of its beams with their log-probabilities,
 * what the pointer copies, and the tower's scores. Evaluation and serving retrieve through here
 * alike.
 */
@NullMarked
package org.onemall.retrieve;

import org.jspecify.annotations.NullMarked;
