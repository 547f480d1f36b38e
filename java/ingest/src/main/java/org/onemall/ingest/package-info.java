/**
 * In: a source folder with a catalogue, users, events and room states, a log of events in CSV, JSON
 * or Parquet files, or users' items in order without times. Out: the catalogue, the users, the
 * user-sorted interactions and the room states under dense ids, the periods of the split, and a
 * funnel that accounts for every row.
 */
@NullMarked
package org.onemall.ingest;

import org.jspecify.annotations.NullMarked;
