/**
 * In: rows, one by one. Out: Arrow IPC files that follow {@code arrow-schemas/}, and their batches
 * and columns back again.
 */
@NullMarked
package org.onemall.table;

import org.jspecify.annotations.NullMarked;
