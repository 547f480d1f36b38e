package org.onemall.shop;

import java.util.Locale;

/** What a user did with an exposed item; one bit each in the interactions table. */
public enum Behavior {
  EXPOSURE(1),
  CLICK(2),
  LONG_VIEW(4),
  CART(8),
  BUY(16),
  LIKE(32);

  private final int bit;

  Behavior(int bit) {
    this.bit = bit;
  }

  /** This behavior's bit in the {@code behaviors} mask. */
  public int bit() {
    return bit;
  }

  /** The name in configs, tensors and reports. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
