package org.onemall.ingest.sequences;

import static org.onemall.ingest.source.Database.quoted;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.source.CheckedFiles;
import org.onemall.ingest.source.FileTable;
import org.onemall.shop.Behavior;

/** The statements that read sequences and their catalogue. */
final class SequenceSql {
  private SequenceSql() {}

  /** The lines as (user_id, items); a line without one of them has a null there. */
  static String lines(Path file) {
    return """
    CREATE TABLE lines AS
    SELECT nullif(trim(user_text), '') AS user_id, CASE WHEN trim(items_text) <> ''
      THEN string_split_regex(trim(items_text), '\\s+') ELSE [NULL::VARCHAR] END AS items
    FROM read_csv(%s, auto_detect = false, header = false, delim = '\t', quote = '', escape = '',
      store_rejects = true, columns = {'user_text': 'VARCHAR', 'items_text': 'VARCHAR'})
    """
        .formatted(quoted(file.toString()));
  }

  /** Users on more than one line: how many, and the first of them. */
  static final String REPEATED_USERS =
      """
      SELECT count(*), min(user_id) FROM (
        SELECT user_id FROM lines WHERE user_id IS NOT NULL GROUP BY ALL HAVING count(*) > 1)
      """;

  static final String NO_CATALOGUE =
      "CREATE TABLE catalogue (item_id VARCHAR, title VARCHAR, category VARCHAR, shop VARCHAR)";

  /** One row an item; of several the first in an order of their content. */
  static String catalogue(CheckedFiles files, SequencesConfig config) {
    return """
    CREATE TABLE catalogue AS
    SELECT %s AS item_id, %s AS title, %s AS category, %s AS shop FROM %s
    WHERE item_id IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY title, category, shop) = 1
    """
        .formatted(
            column(config.item()),
            column(config.title()),
            path(column(config.category())),
            column(config.shop()),
            FileTable.of(files, config.columns()));
  }

  private static String column(@Nullable String name) {
    return name == null
        ? "NULL::VARCHAR"
        : "nullif(trim(\"%s\"::VARCHAR), '')".formatted(name.replace("\"", "\"\""));
  }

  /** A list of parts as a path; a slash inside of a part is a space then. */
  private static String path(String category) {
    return """
    CASE WHEN %1$s LIKE '[%%' THEN nullif(array_to_string(list_transform(
      %1$s::VARCHAR[], lambda part: replace(part, '/', ' ')), '/'), '') ELSE %1$s END\
    """
        .formatted(category);
  }

  /** One row a place of a sequence; the place stands for the time. */
  static final String ROWS =
      """
      CREATE TABLE rows AS
      SELECT user_id, item_id, place::VARCHAR AS request_key, place::BIGINT AS time_ms,
        title, category, shop, 0::DECIMAL(18, 4) AS price, 1::DECIMAL(18, 4) AS quantity,
        %d AS behaviors, NULL::VARCHAR AS position_text, NULL::VARCHAR AS example,
        CASE WHEN user_id IS NULL THEN 'missing_user'
          WHEN item_id IS NULL THEN 'missing_item' END AS reason
      FROM (SELECT user_id, unnest(items) AS item_id, generate_subscripts(items, 1) AS place
        FROM lines) LEFT JOIN catalogue USING (item_id)
      """
          .formatted(Behavior.BUY.bit());
}
