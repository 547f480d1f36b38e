/**
 * In: a source folder with a catalogue, users, events and room states, as Arrow IPC or Parquet.
 * Out: the tables of the pipeline in a database, every row checked, repaired or refused, and
 * counted.
 */
@NullMarked
package org.onemall.ingest.folder;

import org.jspecify.annotations.NullMarked;
