package org.onemall.offer;

/** What could be retrieved at a request's moment. */
public interface Offered {
  /** Number of items. */
  int items();

  /** Number of their distinct SIDs. */
  int sids();

  /** The number of an item's SID, dense from 0; -1 for what isn't offered. */
  int sid(int item);
}
