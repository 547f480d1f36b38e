/**
 * In: assembled requests and a trained retriever. Out: for each request the SIDs of its beams with
 * their log-probabilities, what the pointer copies, and the tower's scores. Evaluation and serving
 * retrieve through here alike.
 */
@NullMarked
package org.onemall.retrieve;

import org.jspecify.annotations.NullMarked;
