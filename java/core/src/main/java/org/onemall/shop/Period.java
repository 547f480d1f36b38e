package org.onemall.shop;

import java.util.Locale;

/** Which part of the split a moment belongs to. */
public enum Period {
  TRAIN,
  VALIDATION,
  TEST;

  /** The name in tables and reports. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The period of that name. */
  public static Period of(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }
}
