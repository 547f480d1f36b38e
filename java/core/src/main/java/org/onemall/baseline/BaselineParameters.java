package org.onemall.baseline;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.SortedMap;
import org.onemall.item2item.Item2ItemConfig.CoOccurrence;
import org.onemall.run.JsonFile;

/**
 * What tuning chose, as {@code baselines.json} has it; all that {@link Baselines} needs.
 *
 * @param validation the figure that it was chosen by, for each model
 */
public record BaselineParameters(
    RecentPopularity recentPopularity,
    PersonalFrequency personalFrequency,
    ItemKnn itemKnn,
    ItemKnn markov,
    SortedMap<String, Double> validation) {
  /**
   * Popularity of late.
   *
   * @param days before the moment that count
   */
  public record RecentPopularity(int days) {}

  /**
   * Personal frequency.
   *
   * @param recency factor per request of age
   * @param popularity weight of recent popularity (1 for the most popular item)
   */
  public record PersonalFrequency(double recency, double popularity) {}

  /**
   * Item-kNN. First-order Markov is the case in which only the latest request has a say, and what
   * followed in the request after it is counted.
   *
   * @param neighbours how co-occurrence is counted
   * @param requests of the past whose items have a say
   * @param recency factor per request of age
   * @param repeats weight of an item that the user took before
   * @param repeatRecency factor per request of age of such an item
   * @param popularity weight of recent popularity (1 for the most popular item)
   */
  public record ItemKnn(
      CoOccurrence neighbours,
      int requests,
      double recency,
      double repeats,
      double repeatRecency,
      double popularity) {}

  /** Writes JSON; the stream stays the caller's to close. */
  public void write(OutputStream out) throws IOException {
    JsonFile.write(this, out);
  }

  /** Reads what {@link #write} wrote. */
  public static BaselineParameters read(Path file) throws IOException {
    return JsonFile.read(file, BaselineParameters.class);
  }
}
