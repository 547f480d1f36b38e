package org.onemall.ingest.log;

import static org.onemall.ingest.source.Database.quoted;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.log.LogConfig.TimeUnit;
import org.onemall.ingest.source.CheckedFiles;
import org.onemall.ingest.source.Database;
import org.onemall.ingest.source.FileTable;
import org.onemall.shop.Behavior;

/**
 * The statement that reads a log: its files as text, typed here; amounts are decimals, so that sums
 * don't depend on the order of the rows.
 */
final class LogSql {
  private final LogConfig config;
  private final ColumnsConfig columns;

  LogSql(LogConfig config) {
    this.config = config;
    this.columns = config.columns();
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
            FileTable.of(files, columns.names()));
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
      return String.valueOf(Behavior.BUY.bit());
    }
    return meanings.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> "WHEN %s THEN %d".formatted(quoted(e.getKey()), e.getValue().bit()))
        .collect(Collectors.joining(" ", "CASE behavior_text ", " END"));
  }

  private static String column(@Nullable String name) {
    return name == null
        ? "NULL::VARCHAR"
        : "nullif(trim(\"%s\"::VARCHAR), '')".formatted(name.replace("\"", "\"\""));
  }
}
