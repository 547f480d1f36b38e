package org.onemall.ingest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.folder.FolderFiles;
import org.onemall.ingest.log.ColumnsConfig;
import org.onemall.ingest.log.LogConfig;
import org.onemall.ingest.log.LogConfig.TimeUnit;
import org.onemall.ingest.sequences.SequencesConfig;
import org.onemall.shop.Behavior;

/**
 * Where the events come from and which of them count: a {@code folder} with a catalogue, users and
 * events of all scenarios, {@code sequences} without times, or a log of events in {@code paths}.
 *
 * @param folder with tables that follow {@code arrow-schemas/}, as Arrow IPC or Parquet: {@code
 *     items}, {@code users}, {@code interactions/*} and, where there are live rooms, {@code
 *     room_states}; nothing else in it is read. The settings of a log are left out then
 * @param sequences of users' items in order, without times; the settings of a log are left out
 *     then, but for {@code minimumItemRequests}
 * @param paths of a log: CSV, JSON (one object a line) or Parquet files, CSV and JSON also as
 *     {@code .gz}; all with the same columns. The ending of the name tells the format
 * @param columns of a log: what the columns are called
 * @param timeUnit of a log: how times are written; absent = text
 * @param timeFormat of a log, for text: a strptime pattern such as {@code %d/%m/%Y %H:%M}; absent =
 *     ISO 8601
 * @param behaviors of a log: values of the behavior column and what they mean; needed with that
 *     column
 * @param excludeItems of a log: external ids that are not products, such as postage; absent = none
 * @param minimumUserRequests users with fewer requests are left out; 1 keeps all
 * @param minimumItemRequests of a log or of sequences: items in fewer requests are left out; absent
 *     = 1, which keeps all
 * @param requestGapMinutes a longer pause between events of one request id begins a further
 *     request, as does another request of the user; 1 to 720. So late behaviors count from their
 *     own moment
 * @param maximumBrokenShare of rows that cannot be read or used; more stop the run
 * @param memoryLimit for the reader, such as {@code 1GB}; what needs more goes to disk
 */
public record IngestConfig(
    @Nullable Path folder,
    @Nullable SequencesConfig sequences,
    @Nullable List<Path> paths,
    @Nullable ColumnsConfig columns,
    @Nullable TimeUnit timeUnit,
    @Nullable String timeFormat,
    @Nullable Map<String, Behavior> behaviors,
    @Nullable List<String> excludeItems,
    int minimumUserRequests,
    @Nullable Integer minimumItemRequests,
    int requestGapMinutes,
    double maximumBrokenShare,
    String memoryLimit) {

  public IngestConfig {
    paths = paths == null ? null : List.copyOf(paths);
    excludeItems = excludeItems == null ? null : List.copyOf(excludeItems);
    behaviors = behaviors == null ? null : Map.copyOf(behaviors);
    if (minimumUserRequests < 1 || (minimumItemRequests != null && minimumItemRequests < 1)) {
      throw new IllegalArgumentException(
          "minimum_user_requests, minimum_item_requests: expected at least 1, found %d, %s"
              .formatted(minimumUserRequests, minimumItemRequests));
    }
    if (requestGapMinutes < 1 || requestGapMinutes > 720) {
      throw new IllegalArgumentException(
          "request_gap_minutes: expected 1 to 720 (half a day), found " + requestGapMinutes);
    }
    if (!(maximumBrokenShare >= 0 && maximumBrokenShare <= 1)) {
      throw new IllegalArgumentException(
          "maximum_broken_share: expected 0 to 1, found " + maximumBrokenShare);
    }
    if (!memoryLimit.matches("[0-9]+(\\.[0-9]+)?\\s?([KMGT]i?B)")) {
      throw new IllegalArgumentException(
          "memory_limit: expected a size such as 512MB or 1GB, found '" + memoryLimit + "'");
    }
    if (folder != null || sequences != null) {
      String source = folder != null ? "folder" : "sequences";
      notBeside(source, "sequences", folder == null ? null : sequences);
      notBeside(source, "paths", paths);
      notBeside(source, "columns", columns);
      notBeside(source, "time_unit", timeUnit);
      notBeside(source, "time_format", timeFormat);
      notBeside(source, "behaviors", behaviors);
      notBeside(source, "exclude_items", excludeItems);
      notBeside(source, "minimum_item_requests", folder == null ? null : minimumItemRequests);
    } else {
      new LogConfig(
          neededPaths(paths),
          needed("columns", columns),
          timeUnit == null ? TimeUnit.TEXT : timeUnit,
          timeFormat,
          behaviors,
          excludeItems == null ? List.of() : excludeItems,
          minimumUserRequests,
          minimumItemRequests == null ? 1 : minimumItemRequests,
          requestGapMinutes,
          maximumBrokenShare);
    }
  }

  private static void notBeside(String source, String key, @Nullable Object found) {
    if (found != null) {
      throw new IllegalArgumentException(
          "%s: expected none beside %s, which has columns and a catalogue of its own, found %s; remove one of the two"
              .formatted(key, source, found));
    }
  }

  private static List<Path> neededPaths(@Nullable List<Path> paths) {
    if (paths == null) {
      throw new IllegalArgumentException(
          "paths: missing; expected paths and columns (a log of events), folder (a source folder with items, users and interactions) or sequences (items in order)");
    }
    return paths;
  }

  private static <T> T needed(String key, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(key + ": missing; a log (paths) needs it");
    }
    return value;
  }

  /** The settings of a log. */
  LogConfig log() {
    return new LogConfig(
        neededPaths(paths),
        needed("columns", columns),
        timeUnit == null ? TimeUnit.TEXT : timeUnit,
        timeFormat,
        behaviors,
        excludeItems == null ? List.of() : excludeItems,
        minimumUserRequests,
        minimumItemRequests == null ? 1 : minimumItemRequests,
        requestGapMinutes,
        maximumBrokenShare);
  }

  /**
   * Every file that is read.
   *
   * @throws IOException for a folder where a table is missing or there twice
   */
  public List<Path> files() throws IOException {
    if (sequences != null) {
      return sequences.files();
    }
    return folder == null ? log().paths() : FolderFiles.of(folder).files();
  }
}
