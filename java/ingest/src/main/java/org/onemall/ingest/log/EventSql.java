package org.onemall.ingest.log;

import static org.onemall.ingest.source.Database.quoted;

import org.onemall.ingest.source.DenseIds;
import org.onemall.ingest.source.RequestRuns;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;
import org.onemall.shop.Scenario;

/**
 * The statements that make the tables of the pipeline out of {@link EventRows}; for dense ids see
 * {@link DenseIds}.
 */
final class EventSql {
  private EventSql() {}

  /** Marks rows of items, or of users, in too few requests. */
  static String refuseRare(Refusal reason, String column, int minimum) {
    return """
    UPDATE rows SET reason = %s WHERE reason IS NULL AND %s IN (
      SELECT %s FROM rows WHERE reason IS NULL GROUP BY ALL
      HAVING count(DISTINCT (user_id, request_key)) < %d)
    """
        .formatted(quoted(reason.key()), column, column, minimum);
  }

  static final String REFUSED =
      "SELECT reason, count(*), min(example) FROM rows WHERE reason IS NOT NULL GROUP BY reason";

  static final String MOMENTS =
      """
      SELECT user_id, request_key, time_ms AS moment_ms FROM rows WHERE reason IS NULL
      """;

  static String users(long seed, Periods periods) {
    return """
    CREATE TABLE users AS SELECT user_id AS external_id, user_id, requests, first_seen_ms,
      NULL::INTEGER AS age_band, NULL::INTEGER AS city_tier, NULL::INTEGER AS price_band,
      NULL::BIGINT AS registered_ms, %s AS "user"
    FROM (SELECT user_id, count(*) AS requests, min(time_ms) AS first_seen_ms
      FROM requests GROUP BY ALL)
    """
        .formatted(DenseIds.column(seed, "user", periods, "user_id"));
  }

  /** Whatever one does with an item, it was exposed; what is put into a cart or bought, clicked. */
  static final String EVENTS =
      """
      CREATE TABLE events AS
      SELECT request, rows.request_key, runs.run, requests.time_ms, delay_ms, rows.user_id,
        item_id, title, category, shop, price, quantity, quantity * price AS amount, behaviors,
        CASE WHEN behaviors & %d <> 0 THEN %d ELSE %d END AS implied,
        TRY_CAST(position_text AS BIGINT) AS position
      FROM rows %s
      WHERE reason IS NULL
      """
          .formatted(
              Behavior.CART.bit() | Behavior.BUY.bit(),
              Behavior.EXPOSURE.bit() | Behavior.CLICK.bit(),
              Behavior.EXPOSURE.bit(),
              RequestRuns.join("rows", "user_id"));

  /**
   * The catalogue. An item is described by what was seen before validation, or at its first moment:
   * its most frequent texts (ties: the first in the alphabet) and its median price. A log doesn't
   * say since when an item is for sale: one that is first seen in validation or test can be had
   * from the start of that period on, all others always.
   */
  static String items(long seed, Periods periods) {
    return """
    CREATE TABLE items AS
    WITH seen AS (SELECT item_id, min(time_ms) AS first_seen_ms FROM events GROUP BY ALL),
      known AS (SELECT events.* FROM events JOIN seen USING (item_id)
        WHERE time_ms < %d OR time_ms = first_seen_ms),
      prices AS (SELECT item_id, quantile_disc(price, 0.5)::FLOAT AS price FROM known GROUP BY ALL),
      titles AS (%s), categories AS (%s), shops AS (%s)
    SELECT item_id AS external_id, item_id, %s AS scenario,
      coalesce(title, item_id) AS title, category, price, shop, first_seen_ms,
      NULL::VARCHAR AS ocr, NULL::VARCHAR AS asr, NULL::INTEGER AS product,
      NULL::VARCHAR AS pictures,
      CASE WHEN first_seen_ms >= %d THEN %d WHEN first_seen_ms >= %d THEN %d END
        AS available_from_ms, NULL::BIGINT AS available_to_ms, %s AS item
    FROM seen JOIN prices USING (item_id) LEFT JOIN titles USING (item_id)
      LEFT JOIN categories USING (item_id) LEFT JOIN shops USING (item_id)
    """
        .formatted(
            periods.validationFromMs(),
            mostFrequent("title"),
            mostFrequent("category"),
            mostFrequent("shop"),
            quoted(Scenario.PRODUCT_CARD.key()),
            periods.testFromMs(),
            periods.testFromMs(),
            periods.validationFromMs(),
            periods.validationFromMs(),
            DenseIds.column(seed, "item", periods, "item_id"));
  }

  private static String mostFrequent(String column) {
    return """
    SELECT item_id, first(%1$s ORDER BY n DESC, %1$s) AS %1$s FROM (
      SELECT item_id, %1$s, count(*) AS n FROM known WHERE %1$s IS NOT NULL GROUP BY ALL)
    GROUP BY ALL\
    """
        .formatted(column);
  }

  /** One row per item of a request. */
  static final String INTERACTIONS =
      """
      CREATE TABLE interactions AS
      SELECT request, "user", item, time_ms,
        row_number() OVER (PARTITION BY request ORDER BY position, delay_ms, item) - 1 AS position,
        behaviors | (implied & ~%s) AS behaviors,
        quantity, amount, CASE WHEN delay_ms > 0 THEN time_ms + delay_ms END AS event_ms,
        NULL::INTEGER AS watch_ms, NULL::FLOAT AS propensity, NULL::INTEGER AS product
      FROM (SELECT request, request_key, run, "user", item, time_ms, min(position) AS position,
          bit_or(behaviors) AS behaviors, bit_or(implied) AS implied, sum(quantity) AS quantity,
          sum(amount) AS amount, min(delay_ms) AS delay_ms
        FROM events JOIN users USING (user_id) JOIN items USING (item_id) GROUP BY ALL)
      """
          .formatted(
              RequestRuns.known("behaviors | implied", "run", "\"user\"", "request_key", "item"));

  static final String ROOM_STATES =
      "CREATE TABLE room_states (item INTEGER, valid_from_ms BIGINT, products INTEGER[])";

  static final String MERGED =
      "SELECT (SELECT count(*) FROM events) - (SELECT count(*) FROM interactions)";
}
