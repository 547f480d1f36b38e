package org.onemall.ingest.source;

import java.util.Map;

/**
 * The rows of one table of a source folder: {@code rowsRead} = refused + left out + {@code kept}.
 *
 * @param refused rows that cannot be used, by reason, every reason there
 * @param leftOut rows that can but are not wanted, likewise
 * @param repaired kept with something amiss, by what it was, likewise; a row may count in several
 */
public record TableCounts(
    long rowsRead,
    long kept,
    Map<String, Long> refused,
    Map<String, Long> leftOut,
    Map<String, Long> repaired) {}
