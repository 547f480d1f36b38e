package org.onemall.ingest.log;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.shop.Behavior;

/** How a log of events is read. */
public record LogConfig(
    List<Path> paths,
    ColumnsConfig columns,
    TimeUnit timeUnit,
    @Nullable String timeFormat,
    @Nullable Map<String, Behavior> behaviors,
    List<String> excludeItems,
    int minimumUserRequests,
    int minimumItemRequests,
    int requestGapMinutes,
    double maximumBrokenShare) {
  /** How a time is written: text, or a count since 1970-01-01 UTC. */
  public enum TimeUnit {
    TEXT,
    SECONDS,
    MILLISECONDS
  }

  public LogConfig {
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
    if (timeFormat != null && timeUnit != TimeUnit.TEXT) {
      throw new IllegalArgumentException(
          "time_format: expected only with time_unit: text, found '%s' with %s"
              .formatted(timeFormat, timeUnit));
    }
  }
}
