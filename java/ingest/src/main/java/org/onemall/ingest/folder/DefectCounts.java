package org.onemall.ingest.folder;

import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.ingest.folder.Defect.Outcome;
import org.onemall.ingest.source.TableCounts;
import org.onemall.table.TableSchema;

/** Counts the rows of a source folder and what was amiss with them. Mutable. */
final class DefectCounts {
  private final Map<TableSchema, Long> rows = new EnumMap<>(TableSchema.class);
  private final Map<Defect, Long> counts = new EnumMap<>(Defect.class);
  private final Map<Defect, String> examples = new EnumMap<>(Defect.class);

  void read(TableSchema table) {
    rows.merge(table, 1L, Long::sum);
  }

  void add(Defect defect, long count) {
    counts.merge(defect, count, Long::sum);
  }

  /** One more, such as {@code example}, if that says anything. */
  void one(Defect defect, @Nullable Object example) {
    counts.merge(defect, 1L, Long::sum);
    if (example != null && !examples.containsKey(defect)) {
      examples.put(defect, shortened(String.valueOf(example)));
    }
  }

  private static String shortened(String example) {
    return example.length() <= 60 ? example : example.substring(0, 60) + "...";
  }

  long rows(TableSchema table) {
    return rows.getOrDefault(table, 0L);
  }

  /** The defects of a table with that outcome. */
  Map<String, Long> of(TableSchema table, Outcome outcome) {
    Map<String, Long> found = new LinkedHashMap<>();
    for (Defect defect : Defect.values()) {
      if (defect.table() == table && defect.outcome() == outcome) {
        found.put(defect.key(), counts.getOrDefault(defect, 0L));
      }
    }
    return found;
  }

  TableCounts table(TableSchema table) {
    Map<String, Long> refused = of(table, Outcome.REFUSED);
    Map<String, Long> leftOut = of(table, Outcome.LEFT_OUT);
    long gone = sum(refused) + sum(leftOut);
    return new TableCounts(
        rows(table), rows(table) - gone, refused, leftOut, of(table, Outcome.REPAIRED));
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Stops the run where too many rows of a table are refused.
   *
   * @param where the table is
   */
  void check(TableSchema table, double maximumShare, String where) throws IOException {
    long refused = sum(of(table, Outcome.REFUSED));
    if (refused <= maximumShare * rows(table)) {
      return;
    }
    StringBuilder what = new StringBuilder();
    for (Defect defect : Defect.values()) {
      long count = counts.getOrDefault(defect, 0L);
      if (defect.table() == table && defect.outcome() == Outcome.REFUSED && count > 0) {
        what.append("%s %d".formatted(defect.key(), count));
        String example = examples.get(defect);
        what.append(example == null ? "; " : " (such as " + example + "); ");
      }
    }
    throw new IOException(
        "%s: %d of %d rows cannot be used, more than maximum_broken_share %s: %scorrect the source, or allow a larger share"
            .formatted(where, refused, rows(table), maximumShare, what));
  }
}
