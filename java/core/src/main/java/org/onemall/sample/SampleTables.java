package org.onemall.sample;

import java.util.Arrays;
import java.util.List;

/**
 * What batches are assembled from; lent, and shared by all threads.
 *
 * @param history the interactions
 * @param requests whose batches are wanted
 * @param popularity per snapshot
 * @param neighbours per snapshot
 */
public record SampleTables(
    History history, Requests requests, Popularity popularity, NeighbourTable neighbours) {
  public SampleTables {
    if (popularity.items() != history.items()) {
      throw new IllegalArgumentException(
          "popularity: expected %d items as in the history, found %d"
              .formatted(history.items(), popularity.items()));
    }
  }

  /** A stored request as a query. */
  public Query query(int row) {
    return new Query(
        history,
        history.start(requests.user(row)),
        requests.historyEnd(row),
        requests.timeMs(row),
        requests.snapshot(row));
  }

  /** Stored requests as queries. */
  public List<Query> queries(int... rows) {
    return Arrays.stream(rows).mapToObj(this::query).toList();
  }
}
