package org.onemall.item2item;

import java.util.Locale;

/**
 * Which video a click is paired with; {@code arrow-schemas/tables/watching_evidence.json} says how.
 */
public enum WatchingRule {
  NONE,
  WINDOW,
  CATEGORY,
  WINDOW_CATEGORY,
  KEPT;

  /** The name in tables and reports. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The rule of that name. */
  static WatchingRule of(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }
}
