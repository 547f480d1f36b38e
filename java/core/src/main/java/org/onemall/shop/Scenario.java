package org.onemall.shop;

import java.util.Locale;

/** The three kinds of item; stages that run per scenario run in this order. */
public enum Scenario {
  PRODUCT_CARD,
  SHORT_VIDEO,
  LIVE_STREAMING;

  /** The name in configs, tables and folders. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
