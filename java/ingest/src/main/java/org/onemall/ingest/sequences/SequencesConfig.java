package org.onemall.ingest.sequences;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Published sequences without times, as benchmarks of sequential recommendation have them.
 *
 * @param path of a file with one line a user: the user, a tab, items in order with spaces between
 *     them; also as {@code .gz}
 * @param catalogue a CSV, JSON or Parquet file that describes the items; absent: an item is called
 *     by its id, as is one that is not in it
 * @param item the catalogue's column of the ids in {@code path}; needed with it
 * @param title the catalogue's column of titles
 * @param category the catalogue's column of category paths, or of lists of their parts
 * @param shop the catalogue's column of who makes or sells the item
 */
public record SequencesConfig(
    Path path,
    @Nullable Path catalogue,
    @Nullable String item,
    @Nullable String title,
    @Nullable String category,
    @Nullable String shop) {
  public SequencesConfig {
    if ((catalogue == null) != (item == null)) {
      throw new IllegalArgumentException(
          "catalogue: expected together with item (its column of ids), found catalogue %s and item %s"
              .formatted(catalogue, item));
    }
    if (catalogue == null && (title != null || category != null || shop != null)) {
      throw new IllegalArgumentException(
          "catalogue: missing; title, category and shop are columns of it");
    }
  }

  /** Every file that is read. */
  public List<Path> files() {
    return catalogue == null ? List.of(path) : List.of(path, catalogue);
  }

  /** The columns that the catalogue must have. */
  List<String> columns() {
    List<String> columns = new ArrayList<>();
    for (@Nullable String name : new @Nullable String[] {item, title, category, shop}) {
      if (name != null) {
        columns.add(name);
      }
    }
    return columns;
  }
}
