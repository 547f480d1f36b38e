package org.onemall.ingest.source;

import org.onemall.shop.Periods;

/**
 * Dense ids of items and users: first of those that were there before validation, then of those
 * before the test, then of the rest, and within a period by a hash of seed and external id. So they
 * tell nothing but the period, whoever comes later renumbers nobody, and what was known at a split
 * is a prefix.
 */
public final class DenseIds {
  private DenseIds() {}

  /**
   * The column, from {@code first_seen_ms}.
   *
   * @param kind keeps items and users of the same external id apart
   * @param external columns that are unique together
   */
  public static String column(long seed, String kind, Periods periods, String... external) {
    return """
    row_number() OVER (ORDER BY first_seen_ms >= %d, first_seen_ms >= %d,
      md5('%d %s ' || %s), %s) - 1\
    """
        .formatted(
            periods.validationFromMs(),
            periods.testFromMs(),
            seed,
            kind,
            String.join(" || ' ' || ", external),
            String.join(", ", external));
  }
}
