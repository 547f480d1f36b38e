package org.onemall.baseline;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onemall.sample.Query;

/** Several baselines that learned from the same, by name. */
public final class FittedBaselines implements AutoCloseable {
  private final Map<String, FittedBaseline> byName = new LinkedHashMap<>();

  /** Fits all of them. */
  public FittedBaselines(List<Baseline> baselines, KnownShop shop) throws IOException {
    try {
      for (Baseline baseline : baselines) {
        byName.put(baseline.name(), baseline.fit(shop));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The names, in the order of reports. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** One of them, which stays this object's. */
  public FittedBaseline get(String name) {
    FittedBaseline found = byName.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "baseline: expected one of %s, found '%s'".formatted(byName.keySet(), name));
    }
    return found;
  }

  /** What each says of a batch of queries. */
  public Map<String, FittedBaseline.Scores> batch(List<Query> queries) {
    Map<String, FittedBaseline.Scores> scores = new LinkedHashMap<>();
    byName.forEach((name, baseline) -> scores.put(name, baseline.batch(queries)));
    return scores;
  }

  @Override
  public void close() {
    byName.values().forEach(FittedBaseline::close);
  }
}
