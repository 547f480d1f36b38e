package org.onemall.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The metrics of one request and their places in a row of numbers. Every metric is a ratio of sums
 * over requests: hits per target for HR (the share of all targets that is found), and the mean over
 * requests for NDCG.
 *
 * <ul>
 *   <li>{@code HR@k}: targets among the first k items
 *   <li>{@code repeat_HR@k}, {@code new_HR@k}: the same for targets that the user had or had not
 *       before
 *   <li>{@code sid_HR@k}: targets whose SID is among the first k distinct SIDs
 *   <li>{@code history_shelf_HR@k}, {@code new_shelf_HR@k}: repeats in a list of the history alone,
 *       new targets in a list without it
 *   <li>{@code NDCG@k}, {@code sid_NDCG@k}
 *   <li>{@code percentile}: the mean place of a target among all that could be retrieved at its
 *       moment, 1 = first, 0 = last
 * </ul>
 */
final class Metrics {
  /** The kinds of hit rate, in their order in a row. */
  enum Kind {
    ALL(0, "HR"),
    REPEAT(1, "repeat_HR"),
    NEW(2, "new_HR"),
    SID(3, "sid_HR"),
    HISTORY_SHELF(4, "history_shelf_HR"),
    NEW_SHELF(5, "new_shelf_HR");

    private final int index;
    private final String prefix;

    Kind(int index, String prefix) {
      this.index = index;
      this.prefix = prefix;
    }

    String at(int cutoff) {
      return prefix + "@" + cutoff;
    }
  }

  static final String PERCENTILE = "percentile";

  private final int[] hitCutoffs;
  private final int[] ndcgCutoffs;
  private final List<String> names = new ArrayList<>();

  Metrics(List<Integer> hitCutoffs, List<Integer> ndcgCutoffs) {
    this.hitCutoffs = hitCutoffs.stream().mapToInt(Integer::intValue).toArray();
    this.ndcgCutoffs = ndcgCutoffs.stream().mapToInt(Integer::intValue).toArray();
    for (Kind kind : Kind.values()) {
      for (int cutoff : this.hitCutoffs) {
        names.add(kind.at(cutoff));
      }
    }
    for (int cutoff : this.ndcgCutoffs) {
      names.add("NDCG@" + cutoff);
    }
    for (int cutoff : this.ndcgCutoffs) {
      names.add("sid_NDCG@" + cutoff);
    }
    names.add(PERCENTILE);
  }

  /** Names in row order. */
  List<String> names() {
    return names;
  }

  int size() {
    return names.size();
  }

  int[] hitCutoffs() {
    return hitCutoffs;
  }

  int[] ndcgCutoffs() {
    return ndcgCutoffs;
  }

  /** Place of a hit rate in a row. */
  int hit(Kind kind, int cutoffIndex) {
    return kind.index * hitCutoffs.length + cutoffIndex;
  }

  /** Places of HR@k over all targets, and of the percentile. */
  int[] overall() {
    int[] places =
        Arrays.copyOf(
            IntStream.range(0, hitCutoffs.length).map(k -> hit(Kind.ALL, k)).toArray(),
            hitCutoffs.length + 1);
    places[hitCutoffs.length] = percentile();
    return places;
  }

  /** Place of the percentile in a row. */
  int percentile() {
    return names.size() - 1;
  }

  /** Place of an NDCG in a row. */
  int ndcg(boolean bySid, int cutoffIndex) {
    return Kind.values().length * hitCutoffs.length
        + (bySid ? ndcgCutoffs.length : 0)
        + cutoffIndex;
  }
}
