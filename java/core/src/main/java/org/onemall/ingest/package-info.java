/**
 * In: CSV, JSON or Parquet files of user events. Out: the catalogue, the users and the user-sorted
 * interactions under dense ids, the periods of the split, and a funnel that accounts for every row.
 */
@NullMarked
package org.onemall.ingest;

import org.jspecify.annotations.NullMarked;
