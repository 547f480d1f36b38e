package org.onemall.sample;

/**
 * What batches are assembled from; lent, and shared by all threads.
 *
 * @param history the interactions
 * @param requests whose batches are wanted
 * @param popularity per snapshot
 * @param neighbours per snapshot
 */
public record SampleTables(
    History history, Requests requests, Popularity popularity, Neighbours neighbours) {
  public SampleTables {
    if (popularity.items() != history.items()) {
      throw new IllegalArgumentException(
          "popularity: expected %d items as in the history, found %d"
              .formatted(history.items(), popularity.items()));
    }
  }
}
