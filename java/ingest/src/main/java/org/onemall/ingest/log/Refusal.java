package org.onemall.ingest.log;

import java.util.Locale;

/** Why a row of the source does not count; the first that applies, in this order. */
public enum Refusal {
  /** The line has no or too many fields, bad quotes or bad UTF-8. */
  UNPARSABLE_LINE(true),
  MISSING_USER(false),
  MISSING_ITEM(false),
  MISSING_REQUEST(false),
  BROKEN_TIME(true),
  BROKEN_QUANTITY(true),
  BROKEN_PRICE(true),
  UNKNOWN_BEHAVIOR(false),
  EXCLUDED_ITEM(false),
  /** A quantity of zero or less: something came back. */
  RETURN(false),
  /** A price of zero or less. */
  NO_PRICE(false),
  /** The item is in fewer requests than the config asks for. */
  RARE_ITEM(false),
  /** The user has fewer requests than the config asks for. */
  RARE_USER(false);

  private final boolean broken;

  Refusal(boolean broken) {
    this.broken = broken;
  }

  /** Whether the row cannot be read, as against read and not wanted. */
  boolean broken() {
    return broken;
  }

  /** The name in the funnel. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reason of that name. */
  static Refusal of(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }
}
