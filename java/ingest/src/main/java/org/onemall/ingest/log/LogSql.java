package org.onemall.ingest.log;

import static org.onemall.ingest.source.Database.quoted;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.log.LogConfig.TimeUnit;
import org.onemall.ingest.source.CheckedFiles;
import org.onemall.ingest.source.Database;
import org.onemall.ingest.source.DenseIds;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;
import org.onemall.shop.Scenario;

/**
 * The statements that read a log. Every source is read as text and typed here, so that CSV, JSON
 * and Parquet give the same tables; amounts are decimals, so that sums don't depend on the order of
 * the rows; for dense ids see {@link DenseIds}.
 */
public final class LogSql {
  private final LogConfig config;
  private final ColumnsConfig columns;

  LogSql(LogConfig config) {
    this.config = config;
    this.columns = config.columns();
  }

  /** The files as a table expression. */
  String source(CheckedFiles files) {
    String paths =
        files.paths().stream()
            .map(Path::toString)
            .map(Database::quoted)
            .collect(Collectors.joining(", ", "[", "]"));
    return switch (files.format()) {
      case CSV ->
          "read_csv(%s, auto_detect = false, header = true, delim = %s, quote = '\"', escape = '\"', store_rejects = true, columns = {%s})"
              .formatted(
                  paths, quoted(String.valueOf(files.delimiter())), declared(files.header()));
      case JSON ->
          "read_json(%s, format = 'auto', ignore_errors = true, columns = {%s})"
              .formatted(paths, declared(columns.names().stream().distinct().toList()));
      case PARQUET -> "read_parquet(%s)".formatted(paths);
    };
  }

  /** The columns of files that carry no header line; one row each, the name first. */
  static String describe(CheckedFiles files) {
    String reader =
        files.format() == CheckedFiles.Format.PARQUET ? "read_parquet" : "read_json_auto";
    return "DESCRIBE SELECT * FROM %s(%s)"
        .formatted(reader, quoted(files.paths().getFirst().toString()));
  }

  private static String declared(List<String> names) {
    return names.stream()
        .map(name -> quoted(name) + ": 'VARCHAR'")
        .collect(Collectors.joining(", "));
  }

  /** All rows, typed, each with the reason why it does not count, or null. */
  String rows(CheckedFiles files) {
    return """
    CREATE TABLE rows AS
    SELECT *, CASE %s END AS reason, CASE reason WHEN 'broken_time' THEN time_text
      WHEN 'broken_quantity' THEN quantity_text WHEN 'broken_price' THEN price_text END AS example
    FROM (
      SELECT *, %s AS time_ms, %s AS quantity, %s AS price, %s AS behaviors,
        coalesce(request_text, time_ms::VARCHAR) AS request_key
      FROM (SELECT %s AS user_id, %s AS item_id, %s AS request_text, %s AS time_text, %s AS title,
        %s AS price_text, %s AS quantity_text, %s AS category, %s AS shop, %s AS behavior_text,
        %s AS position_text FROM %s))
    """
        .formatted(
            reasons(),
            time(),
            columns.quantity() == null ? "1" : "TRY_CAST(quantity_text AS DECIMAL(18, 4))",
            columns.price() == null ? "0" : "TRY_CAST(price_text AS DECIMAL(18, 4))",
            behaviors(),
            column(columns.user()),
            column(columns.item()),
            column(columns.request()),
            column(columns.time()),
            column(columns.title()),
            column(columns.price()),
            column(columns.quantity()),
            column(columns.category()),
            column(columns.shop()),
            column(columns.behavior()),
            column(columns.position()),
            source(files));
  }

  private String reasons() {
    StringBuilder cases = new StringBuilder();
    for (Refusal reason : Refusal.values()) {
      String when =
          switch (reason) {
            case UNPARSABLE_LINE ->
                "user_id IS NULL AND item_id IS NULL AND request_text IS NULL AND time_text IS NULL";
            case MISSING_USER -> "user_id IS NULL";
            case MISSING_ITEM -> "item_id IS NULL";
            case MISSING_REQUEST -> columns.request() == null ? "false" : "request_text IS NULL";
            case BROKEN_TIME -> "time_ms IS NULL";
            case BROKEN_QUANTITY -> "quantity IS NULL";
            case BROKEN_PRICE -> "price IS NULL";
            case UNKNOWN_BEHAVIOR -> "behaviors IS NULL";
            case EXCLUDED_ITEM ->
                config.excludeItems().isEmpty() ? "false" : "item_id IN (%s)".formatted(excluded());
            case RETURN -> "quantity <= 0";
            case NO_PRICE -> columns.price() == null ? "false" : "price <= 0";
            case RARE_ITEM, RARE_USER -> "false";
          };
      cases.append("WHEN %s THEN %s ".formatted(when, quoted(reason.key())));
    }
    return cases.toString();
  }

  private String excluded() {
    return config.excludeItems().stream().map(Database::quoted).collect(Collectors.joining(", "));
  }

  private String time() {
    String format = config.timeFormat();
    return switch (config.timeUnit()) {
      case TimeUnit.TEXT ->
          format == null
              ? "epoch_ms(TRY_CAST(time_text AS TIMESTAMP))"
              : "epoch_ms(try_strptime(time_text, %s))".formatted(quoted(format));
      case TimeUnit.SECONDS -> "(TRY_CAST(time_text AS DECIMAL(18, 3)) * 1000)::BIGINT";
      case TimeUnit.MILLISECONDS -> "TRY_CAST(time_text AS BIGINT)";
    };
  }

  private String behaviors() {
    Map<String, Behavior> meanings = config.behaviors();
    if (meanings == null) {
      return String.valueOf(bits(Behavior.BUY));
    }
    return meanings.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> "WHEN %s THEN %d".formatted(quoted(e.getKey()), bits(e.getValue())))
        .collect(Collectors.joining(" ", "CASE behavior_text ", " END"));
  }

  /** Whatever one does with an item, it was exposed; what is put into a cart or bought, clicked. */
  private static int bits(Behavior behavior) {
    int bits = Behavior.EXPOSURE.bit() | behavior.bit();
    return behavior == Behavior.BUY || behavior == Behavior.CART
        ? bits | Behavior.CLICK.bit()
        : bits;
  }

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

  static final String REJECTED =
      """
      SELECT 'unparsable_line', count(DISTINCT (scan_id, file_id, line)),
        arg_min('line ' || line || ': ' || error_message, line) FROM reject_errors
      """;

  /** Requests in time order; a request's moment is that of its first event. */
  static final String REQUESTS =
      """
      CREATE TABLE requests AS
      SELECT *, row_number() OVER (ORDER BY time_ms, request_key, user_id) - 1 AS request
      FROM (SELECT user_id, request_key, min(time_ms) AS time_ms
        FROM rows WHERE reason IS NULL GROUP BY ALL)
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

  static final String EVENTS =
      """
      CREATE TABLE events AS
      SELECT request, requests.time_ms, user_id, item_id, title, category, shop, price, quantity,
        quantity * price AS amount, behaviors, TRY_CAST(position_text AS BIGINT) AS position
      FROM rows JOIN requests USING (user_id, request_key) WHERE reason IS NULL
      """;

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
        row_number() OVER (PARTITION BY request ORDER BY position, item) - 1 AS position,
        behaviors, quantity, amount, NULL::BIGINT AS event_ms, NULL::INTEGER AS watch_ms,
        NULL::FLOAT AS propensity, NULL::INTEGER AS product
      FROM (SELECT request, "user", item, time_ms, min(position) AS position,
          bit_or(behaviors) AS behaviors, sum(quantity) AS quantity, sum(amount) AS amount
        FROM events JOIN users USING (user_id) JOIN items USING (item_id) GROUP BY ALL)
      """;

  static final String ROOM_STATES =
      "CREATE TABLE room_states (item INTEGER, valid_from_ms BIGINT, products INTEGER[])";

  static final String MERGED =
      "SELECT (SELECT count(*) FROM events) - (SELECT count(*) FROM interactions)";

  private static String column(@Nullable String name) {
    return name == null
        ? "NULL::VARCHAR"
        : "nullif(trim(\"%s\"::VARCHAR), '')".formatted(name.replace("\"", "\"\""));
  }
}
