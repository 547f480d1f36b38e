package org.onemall.baseline;

import java.io.IOException;

/**
 * A model to compare with, its settings chosen. Whether it counts or is a network is its own
 * business: it learns from what was known at a moment, then scores the queries that everybody gets.
 */
public interface Baseline {
  /** The name in reports. */
  String name();

  /** Learns from what was known; the result belongs to the caller. */
  FittedBaseline fit(KnownShop shop) throws IOException;
}
