package org.onemall.model;

import java.util.Locale;

/** What a user did with an exposed item; one bit each in the interactions table. */
public enum Behavior {
  EXPOSURE,
  CLICK,
  LONG_VIEW,
  CART,
  BUY,
  LIKE;

  /** This behavior's bit in the {@code behaviors} mask. */
  public int bit() {
    return 1 << ordinal();
  }

  /** The name in configs, tensors and reports. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
