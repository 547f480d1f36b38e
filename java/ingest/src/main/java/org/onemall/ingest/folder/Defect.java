package org.onemall.ingest.folder;

import java.util.Locale;
import org.onemall.table.TableSchema;

/**
 * What can be amiss with a row of a source folder, and what then becomes of the row. Its name is
 * the table's, two underscores, and its key in the funnel. A refused row counts under the first
 * that applies.
 */
enum Defect {
  /** No id, a negative one, or one of more than 31 bits. */
  ITEMS__BROKEN_ID(Outcome.REFUSED),
  ITEMS__MISSING_EXTERNAL_ID(Outcome.REFUSED),
  ITEMS__UNKNOWN_SCENARIO(Outcome.REFUSED),
  /** The id is another row's too; the row with the first external id in the alphabet stays. */
  ITEMS__DUPLICATE_ID(Outcome.REFUSED),
  /** The external id is another item's of the scenario too; the item with the lowest id stays. */
  ITEMS__DUPLICATE_EXTERNAL_ID(Outcome.REFUSED),
  /** No or an empty title: the title is empty. */
  ITEMS__MISSING_TITLE(Outcome.REPAIRED),
  /** No category, or a path with an empty part: there is none. */
  ITEMS__UNKNOWN_CATEGORY(Outcome.REPAIRED),
  /** No, a negative or no finite price: it is 0. */
  ITEMS__BROKEN_PRICE(Outcome.REPAIRED),
  /** A text over the limit: it is cut there. */
  ITEMS__LONG_TEXT(Outcome.REPAIRED),
  /** A text with NULs or bytes that are no UTF-8: they are replaced. */
  ITEMS__BROKEN_TEXT(Outcome.REPAIRED),
  /** A product or video without a picture: that is how it is. */
  ITEMS__MISSING_PICTURE(Outcome.REPAIRED),
  /** A picture's path that leads out of the folder, or none: it is dropped. */
  ITEMS__BROKEN_PICTURE_PATH(Outcome.REPAIRED),
  /** A video that sells an item that is no product card of the catalogue: it sells none. */
  ITEMS__UNKNOWN_PRODUCT(Outcome.REPAIRED),
  /** Sells a product and is no video: it is dropped. */
  ITEMS__MISPLACED_PRODUCT(Outcome.REPAIRED),
  /** The availability ends before it starts: it is never for sale. */
  ITEMS__BROKEN_AVAILABILITY(Outcome.REPAIRED),
  /** A live room without a moment on air: that is how it is. */
  ITEMS__NEVER_ON_AIR(Outcome.REPAIRED),

  USERS__BROKEN_ID(Outcome.REFUSED),
  USERS__MISSING_EXTERNAL_ID(Outcome.REFUSED),
  USERS__DUPLICATE_ID(Outcome.REFUSED),
  USERS__DUPLICATE_EXTERNAL_ID(Outcome.REFUSED),
  /** Has fewer requests than the config asks for, or none. */
  USERS__RARE_USER(Outcome.LEFT_OUT),

  INTERACTIONS__MISSING_REQUEST(Outcome.REFUSED),
  INTERACTIONS__BROKEN_TIME(Outcome.REFUSED),
  /** No or a negative place in the request. */
  INTERACTIONS__BROKEN_POSITION(Outcome.REFUSED),
  /** No behavior, or a bit that stands for none. */
  INTERACTIONS__UNKNOWN_BEHAVIOR(Outcome.REFUSED),
  INTERACTIONS__UNKNOWN_USER(Outcome.REFUSED),
  INTERACTIONS__UNKNOWN_ITEM(Outcome.REFUSED),
  /** The user's request has another event at that place and moment: one of them stays. */
  INTERACTIONS__DUPLICATE_EVENT(Outcome.REFUSED),
  /** The user has fewer requests than the config asks for. */
  INTERACTIONS__RARE_USER(Outcome.LEFT_OUT),
  /** A negative or no finite quantity: it is 0. */
  INTERACTIONS__BROKEN_QUANTITY(Outcome.REPAIRED),
  /** A negative or no finite amount: it is 0. */
  INTERACTIONS__BROKEN_AMOUNT(Outcome.REPAIRED),
  /** Seen before the page was asked for: it was seen then. */
  INTERACTIONS__EVENT_BEFORE_REQUEST(Outcome.REPAIRED),
  /** Watched for a negative time or more than 24 days: not known how long. */
  INTERACTIONS__BROKEN_WATCH(Outcome.REPAIRED),
  /** A propensity that is not above 0 and at most 1: there is none. */
  INTERACTIONS__BROKEN_PROPENSITY(Outcome.REPAIRED),
  /** Concerns a product that is no product card of the catalogue: what the item itself sells. */
  INTERACTIONS__UNKNOWN_PRODUCT(Outcome.REPAIRED),
  /** Another time than its request's first row: it has that one's. */
  INTERACTIONS__TIME_OUT_OF_ORDER(Outcome.REPAIRED),

  ROOM_STATES__BROKEN_TIME(Outcome.REFUSED),
  ROOM_STATES__NOT_A_ROOM(Outcome.REFUSED),
  /** The room has another state from that moment on: one of them stays. */
  ROOM_STATES__DUPLICATE_STATE(Outcome.REFUSED),
  /** Sells items that are no product cards of the catalogue: they are dropped. */
  ROOM_STATES__UNKNOWN_PRODUCT(Outcome.REPAIRED),
  /** Sells nothing that is in the catalogue, though it lists something: it is off air. */
  ROOM_STATES__NOTHING_ON_SALE(Outcome.REPAIRED);

  /** What becomes of the row. */
  enum Outcome {
    REFUSED,
    LEFT_OUT,
    REPAIRED
  }

  private final Outcome outcome;

  Defect(Outcome outcome) {
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }

  TableSchema table() {
    return TableSchema.valueOf(name().substring(0, name().indexOf("__")));
  }

  /** The name in the funnel. */
  String key() {
    return name().substring(name().indexOf("__") + 2).toLowerCase(Locale.ROOT);
  }

  /** The defect of that table and key. */
  static Defect of(TableSchema table, String key) {
    return valueOf(table.name() + "__" + key.toUpperCase(Locale.ROOT));
  }
}
