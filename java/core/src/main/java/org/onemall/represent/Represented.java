package org.onemall.represent;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.onemall.run.JsonFile;
import org.onemall.table.TimedVectors;

/**
 * What a scenario's items are quantised by. Owns the vectors.
 *
 * @param reasons how many items, or states of rooms, got none or one of less than all, by reason
 */
public record Represented(TimedVectors vectors, Map<String, Integer> reasons)
    implements AutoCloseable {
  public Represented {
    reasons = new TreeMap<>(reasons);
  }

  /**
   * What {@code represent.json} says.
   *
   * @param rows vectors
   * @param items items that have some
   * @param width floats of each
   */
  private record Summary(int rows, long items, long width, Map<String, Integer> reasons) {}

  /** Writes the counts as JSON; the stream stays open. */
  public void writeSummary(OutputStream out) throws IOException {
    long items = Arrays.stream(vectors.item()).distinct().count();
    JsonFile.write(new Summary(vectors.rows(), items, vectors.vectors().dim(1), reasons), out);
  }

  @Override
  public void close() {
    vectors.close();
  }
}
