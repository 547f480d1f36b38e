/**
 * In: a log of events in CSV, JSON or Parquet files. Out: the tables of the pipeline in a database,
 * the catalogue among them as the events tell it, and every row that does not count, by reason.
 */
@NullMarked
package org.onemall.ingest.log;

import org.jspecify.annotations.NullMarked;
