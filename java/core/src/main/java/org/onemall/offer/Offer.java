package org.onemall.offer;

/** What a scenario offers over time. */
@FunctionalInterface
public interface Offer {
  /** Whether an item can be retrieved at a moment: the scenario's own, with a SID, to be had. */
  boolean has(int item, long timeMs);
}
