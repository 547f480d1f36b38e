package org.onemall.order;

/** How items that share a SID share its probability. */
public enum SharedSid {
  /** 1 / n each. */
  EQUAL,
  /** As a softmax of their tower scores. */
  TOWER
}
