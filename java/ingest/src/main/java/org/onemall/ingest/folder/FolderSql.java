package org.onemall.ingest.folder;

import java.util.List;
import org.onemall.ingest.source.DenseIds;
import org.onemall.ingest.source.RequestRuns;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;

/**
 * The statements that make the tables of a source folder out of its rows. Source ids are called
 * keys here. Of rows that contradict each other the first in an order of their content stays, so
 * that the order of the rows does not matter; for dense ids see {@link DenseIds}.
 */
final class FolderSql {
  private FolderSql() {}

  static final List<String> CREATE =
      List.of(
          """
          CREATE TABLE item_rows (item_key BIGINT, external_id VARCHAR, scenario VARCHAR,
            title VARCHAR, category VARCHAR, price FLOAT, shop VARCHAR, ocr VARCHAR, asr VARCHAR,
            product_key BIGINT, pictures VARCHAR, available_from_ms BIGINT, available_to_ms BIGINT)
          """,
          """
          CREATE TABLE user_rows (user_key BIGINT, external_id VARCHAR, age_band INTEGER,
            city_tier INTEGER, price_band INTEGER, registered_ms BIGINT)
          """,
          """
          CREATE TABLE event_rows (request_key BIGINT, user_key BIGINT, item_key BIGINT,
            time_ms BIGINT, position INTEGER, behaviors INTEGER, quantity FLOAT, amount FLOAT,
            event_ms BIGINT, watch_ms INTEGER, propensity FLOAT, product_key BIGINT)
          """,
          """
          CREATE TABLE state_rows (state BIGINT, item_key BIGINT, valid_from_ms BIGINT,
            product_keys BIGINT[])
          """);

  /** Keeps the first row of each key in an order of the rest. */
  static String first(String from, String into, String key, String order) {
    return """
    CREATE TABLE %s AS SELECT * FROM %s
    QUALIFY row_number() OVER (PARTITION BY %s ORDER BY %s) = 1
    """
        .formatted(into, from, key, order);
  }

  static final String ITEM_ORDER =
      "external_id, scenario, title, price, category, product_key, available_from_ms";

  static final String USER_ORDER = "external_id, registered_ms, age_band, city_tier, price_band";

  static final String REPEATED_PLACES =
      """
      CREATE TABLE repeated_places AS SELECT request_key, user_key, position, time_ms FROM event_rows
      GROUP BY ALL HAVING count(*) > 1
      """;

  /** All events, each with the reason why it does not count, or null. */
  static final String EVENTS =
      """
      CREATE TABLE events AS
      SELECT events.*, CASE WHEN known_users.user_key IS NULL THEN 'unknown_user'
        WHEN known_items.item_key IS NULL THEN 'unknown_item'
        WHEN copy > 1 THEN 'duplicate_event' END AS reason
      FROM (
        SELECT *, 1 AS copy FROM event_rows
          ANTI JOIN repeated_places USING (request_key, user_key, position, time_ms)
        UNION ALL
        SELECT *, row_number() OVER (PARTITION BY request_key, user_key, position, time_ms
            ORDER BY item_key, behaviors DESC, quantity, amount, event_ms, watch_ms,
              propensity, product_key) AS copy
          FROM event_rows SEMI JOIN repeated_places USING (request_key, user_key, position, time_ms)
      ) AS events
      LEFT JOIN (SELECT user_key FROM known_users) AS known_users USING (user_key)
      LEFT JOIN (SELECT item_key FROM known_items) AS known_items USING (item_key)
      """;

  static final String DROP_ROWS = "DROP TABLE event_rows";

  static String refuseRare(int minimum) {
    return """
    UPDATE events SET reason = 'rare_user' WHERE reason IS NULL AND user_key IN (
      SELECT user_key FROM events WHERE reason IS NULL GROUP BY ALL
      HAVING count(DISTINCT request_key) < %d)
    """
        .formatted(minimum);
  }

  /** Refusal, count. */
  static final String REFUSED =
      "SELECT reason, count(*) FROM events WHERE reason IS NOT NULL GROUP BY ALL";

  static final String MOMENTS =
      """
      SELECT user_key AS user_id, request_key, time_ms AS moment_ms FROM events
      WHERE reason IS NULL
      """;

  static final String OUT_OF_ORDER =
      """
      SELECT count(*) FROM events %s
      WHERE reason IS NULL AND requests.run = 0 AND events.time_ms <> requests.time_ms
      """
          .formatted(RequestRuns.join("events", "user_key"));

  static String users(long seed, Periods periods) {
    return """
    CREATE TABLE users AS SELECT known_users.*, requests, first_seen_ms,
      %s AS "user"
    FROM known_users JOIN (SELECT user_id AS user_key, count(*) AS requests,
        min(time_ms) AS first_seen_ms FROM requests GROUP BY ALL) USING (user_key)
    """
        .formatted(DenseIds.column(seed, "user", periods, "external_id"));
  }

  /**
   * The catalogue, those that nobody saw too. A room is first seen when it is on air or exposed for
   * the first time, or else at the end of the log; any other item when it is for sale, or exposed
   * before that, and where the source doesn't say since when it is for sale, from the start on: not
   * whether anybody sees it later.
   */
  static String numberedItems(long seed, Periods periods) {
    return """
    CREATE TABLE numbered_items AS
    SELECT *, %s AS item
    FROM (SELECT known_items.*, CASE
        WHEN scenario = 'live_streaming'
          THEN coalesce(least(available_from_ms, exposed_ms, on_air_ms), %d)
        WHEN available_from_ms IS NULL THEN %d
        ELSE least(available_from_ms, exposed_ms) END AS first_seen_ms
    FROM known_items
      LEFT JOIN (SELECT item_key, min(time_ms) AS exposed_ms FROM events
        WHERE reason IS NULL GROUP BY ALL) USING (item_key)
      LEFT JOIN (SELECT item_key, min(valid_from_ms) AS on_air_ms FROM state_rows
        WHERE len(product_keys) > 0 GROUP BY ALL) USING (item_key))
    """
        .formatted(
            DenseIds.column(seed, "item", periods, "scenario", "external_id"),
            periods.lastMs(),
            periods.firstMs());
  }

  static final String ITEMS =
      """
      CREATE TABLE items AS SELECT items.*, products.item AS product
      FROM numbered_items AS items
        LEFT JOIN (SELECT item, item_key AS product_key FROM numbered_items
          WHERE scenario = 'product_card') AS products USING (product_key)
      """;

  static final String UNKNOWN_PRODUCTS_OF_ITEMS =
      "SELECT count(*) FROM items WHERE product_key IS NOT NULL AND product IS NULL";

  static final String INTERACTIONS =
      """
      CREATE TABLE interactions AS
      SELECT request, "user", items.item, requests.time_ms, position,
        behaviors | (%d & ~%s) AS behaviors, quantity, amount,
        coalesce(event_ms, CASE WHEN delay_ms > 0 THEN events.time_ms END) AS event_ms, watch_ms,
        propensity, coalesce(cards.item,
          CASE items.scenario WHEN 'product_card' THEN items.item ELSE items.product END) AS product,
        events.product_key IS NOT NULL AND cards.item IS NULL AS unknown_product
      FROM events
        %s
        JOIN (SELECT user_key, "user" FROM users) AS users ON users.user_key = events.user_key
        JOIN (SELECT item_key, item, scenario, product FROM items) AS items
          ON items.item_key = events.item_key
        LEFT JOIN (SELECT item_key, item FROM items WHERE scenario = 'product_card') AS cards
          ON cards.item_key = events.product_key
      WHERE reason IS NULL
      """
          .formatted(
              Behavior.EXPOSURE.bit(),
              RequestRuns.known(
                  String.valueOf(Behavior.EXPOSURE.bit()),
                  "runs.run",
                  "events.user_key",
                  "events.request_key",
                  "events.item_key"),
              RequestRuns.join("events", "user_key"));

  static final String UNKNOWN_PRODUCTS_OF_EVENTS =
      "SELECT count(*) FROM interactions WHERE unknown_product";

  /** All states, each with the reason why it does not count, or null. */
  static final String STATES =
      """
      CREATE TABLE states AS
      SELECT state_rows.*, item, CASE WHEN item IS NULL THEN 'not_a_room'
        WHEN row_number() OVER (PARTITION BY item_key, valid_from_ms
          ORDER BY product_keys, state) > 1 THEN 'duplicate_state' END AS reason
      FROM state_rows LEFT JOIN (SELECT item_key, item FROM items
        WHERE scenario = 'live_streaming') USING (item_key)
      """;

  /** Refusal, count. */
  static final String REFUSED_STATES =
      "SELECT reason, count(*) FROM states WHERE reason IS NOT NULL GROUP BY ALL";

  static final String ROOM_STATES =
      """
      CREATE TABLE room_states AS
      SELECT states.item, valid_from_ms, coalesce(products, []) AS products,
        len(product_keys) AS listed
      FROM states LEFT JOIN (
        SELECT state, list(item ORDER BY place) AS products
        FROM (SELECT state, unnest(product_keys) AS item_key,
            generate_subscripts(product_keys, 1) AS place FROM states WHERE reason IS NULL)
          JOIN (SELECT item_key, item FROM items WHERE scenario = 'product_card') USING (item_key)
        GROUP BY ALL) USING (state)
      WHERE reason IS NULL
      """;

  /**
   * States that list unknown products, those of them that are left with none, rooms never on air.
   */
  static final String ROOMS_AMISS =
      """
      SELECT (SELECT count(*) FROM room_states WHERE len(products) < listed),
        (SELECT count(*) FROM room_states WHERE len(products) = 0 AND listed > 0),
        (SELECT count(*) FROM items WHERE scenario = 'live_streaming' AND item NOT IN (
          SELECT item FROM room_states WHERE len(products) > 0))
      """;
}
