/**
 * In: tensors, tables and settings. Out: what a network makes of them. Ports only: the Java logic
 * talks to every network through these interfaces, so that it runs in tests against fakes.
 */
@NullMarked
package org.onemall.model;

import org.jspecify.annotations.NullMarked;
