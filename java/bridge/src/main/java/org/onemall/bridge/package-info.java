/**
 * In: model calls with tensors and tables in Java's memory. Out: what the Python networks answer,
 * written in place. The Java half of the room where the languages meet; {@code bridge.py} is the
 * other.
 */
@NullMarked
package org.onemall.bridge;

import org.jspecify.annotations.NullMarked;
