package org.onemall.ingest;

import org.onemall.ingest.source.Source;
import org.onemall.shop.Periods;

/** The queries on the tables that every {@link Source} fills. */
final class ResultSql {
  private ResultSql() {}

  /** A day for each step from a user's last request back, in place of the requests' own moments. */
  static final String REQUESTS_BY_ORDER =
      """
      CREATE OR REPLACE TABLE requests AS
      SELECT user_id, request_key, run, time_ms,
        row_number() OVER (ORDER BY time_ms, request_key, user_id) - 1 AS request
      FROM (SELECT user_id, request_key, run, (max(steps) OVER () - steps) * %d AS time_ms
        FROM (SELECT user_id, request_key, run, row_number() OVER (
            PARTITION BY user_id ORDER BY time_ms DESC, request_key DESC) AS steps FROM requests))
      """
          .formatted(Periods.DAY_MS);

  static final String SPAN = "SELECT min(time_ms), max(time_ms), count(*) FROM requests";

  static final String ITEMS =
      """
      SELECT item, external_id, scenario, title, category, price, shop, first_seen_ms, ocr, asr,
        product, pictures, available_from_ms, available_to_ms FROM items ORDER BY item
      """;

  static final String USERS =
      """
      SELECT "user", external_id, age_band, city_tier, price_band, registered_ms
      FROM users ORDER BY "user"
      """;

  static final String INTERACTIONS =
      """
      SELECT request, "user", item, time_ms, position, behaviors, quantity::FLOAT, amount::FLOAT,
        event_ms, watch_ms, propensity, product
      FROM interactions ORDER BY "user", time_ms, request, position, event_ms, item
      """;

  static final String ROOM_STATES =
      """
      SELECT item, valid_from_ms, array_to_string(products, ',') FROM room_states
      ORDER BY item, valid_from_ms
      """;

  static final String TOTALS =
      """
      SELECT (SELECT count(*) FROM interactions),
        (SELECT round(sum(amount::DECIMAL(38, 8)) * 100) FROM interactions),
        (SELECT count(*) FROM items), (SELECT count(*) FROM users),
        (SELECT count(*) FROM users WHERE requests = 1), (SELECT count(*) FROM requests),
        (SELECT count(*) FROM requests WHERE run > 0)
      """;

  /** Scenario, items, entertainment, then what happened to them. */
  static final String SCENARIOS =
      """
      SELECT scenario, count(*), count(*) FILTER (scenario = 'short_video' AND product IS NULL), sum(n)::BIGINT, sum(clicks)::BIGINT,
        sum(long_views)::BIGINT, sum(carts)::BIGINT, sum(buys)::BIGINT,
        round(sum(amount) * 100)::BIGINT, count(*) FILTER (n IS NULL)
      FROM items LEFT JOIN (
        SELECT item, count(*) AS n, count(*) FILTER (behaviors & 2 <> 0) AS clicks,
          count(*) FILTER (behaviors & 4 <> 0) AS long_views,
          count(*) FILTER (behaviors & 8 <> 0) AS carts,
          count(*) FILTER (behaviors & 16 <> 0) AS buys,
          sum(amount::DECIMAL(38, 8)) AS amount
        FROM interactions GROUP BY ALL) USING (item)
      GROUP BY ALL ORDER BY scenario
      """;

  static String periodCounts(long fromMs, long toMs) {
    String between = "BETWEEN %d AND %d".formatted(fromMs, toMs - 1);
    return """
    SELECT (SELECT count(*) FROM requests WHERE time_ms %1$s),
      (SELECT count(*) FROM interactions WHERE time_ms %1$s),
      (SELECT count(DISTINCT user_id) FROM requests WHERE time_ms %1$s),
      (SELECT count(*) FROM users WHERE first_seen_ms %1$s),
      (SELECT count(*) FROM items WHERE first_seen_ms %1$s)
    """
        .formatted(between);
  }
}
