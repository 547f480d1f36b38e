package org.onemall.ingest;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.model.Behavior;

/**
 * Where the events come from and which of them count.
 *
 * @param paths CSV, JSON (one object a line) or Parquet files, CSV and JSON also as {@code .gz};
 *     all with the same columns. The ending of the name tells the format
 * @param columns what the columns are called
 * @param timeUnit how times are written
 * @param timeFormat for text: a strptime pattern such as {@code %d/%m/%Y %H:%M}; absent = ISO 8601
 * @param behaviors values of the behavior column and what they mean; needed with that column
 * @param excludeItems external ids that are not products, such as postage
 * @param minimumUserRequests users with fewer requests are left out; 1 keeps all
 * @param minimumItemRequests items in fewer requests are left out; 1 keeps all
 * @param maximumBrokenShare of rows that cannot be read; more stop the run
 * @param memoryLimit for the reader, such as {@code 1GB}; what needs more goes to disk
 */
public record IngestConfig(
    List<Path> paths,
    ColumnsConfig columns,
    TimeUnit timeUnit,
    @Nullable String timeFormat,
    @Nullable Map<String, Behavior> behaviors,
    List<String> excludeItems,
    int minimumUserRequests,
    int minimumItemRequests,
    double maximumBrokenShare,
    String memoryLimit) {

  /** How a time is written: text, or a count since 1970-01-01 UTC. */
  public enum TimeUnit {
    TEXT,
    SECONDS,
    MILLISECONDS
  }

  public IngestConfig {
    paths = List.copyOf(paths);
    excludeItems = List.copyOf(excludeItems);
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("paths: expected at least one file, found none");
    }
    if ((columns.behavior() == null) != (behaviors == null || behaviors.isEmpty())) {
      throw new IllegalArgumentException(
          "behaviors: expected together with columns.behavior (what its values mean), found columns.behavior = "
              + columns.behavior()
              + " and behaviors = "
              + behaviors);
    }
    behaviors = behaviors == null ? null : Map.copyOf(behaviors);
    if (timeFormat != null && timeUnit != TimeUnit.TEXT) {
      throw new IllegalArgumentException(
          "time_format: expected only with time_unit: text, found '%s' with %s"
              .formatted(timeFormat, timeUnit));
    }
    if (minimumUserRequests < 1 || minimumItemRequests < 1) {
      throw new IllegalArgumentException(
          "minimum_user_requests, minimum_item_requests: expected at least 1, found %d, %d"
              .formatted(minimumUserRequests, minimumItemRequests));
    }
    if (!(maximumBrokenShare >= 0 && maximumBrokenShare <= 1)) {
      throw new IllegalArgumentException(
          "maximum_broken_share: expected 0 to 1, found " + maximumBrokenShare);
    }
    if (!memoryLimit.matches("[0-9]+(\\.[0-9]+)?\\s?([KMGT]i?B)")) {
      throw new IllegalArgumentException(
          "memory_limit: expected a size such as 512MB or 1GB, found '" + memoryLimit + "'");
    }
  }
}
