package org.onemall.item2item;

import it.unimi.dsi.fastutil.ints.Int2DoubleMap;
import it.unimi.dsi.fastutil.ints.Int2DoubleOpenHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A row of a large matrix of sums of positive numbers: a hash map while it is sparse, an array once
 * that is smaller. A row with a bound drops its smaller half (ties: the higher columns) whenever it
 * reaches twice the bound. Mutable, for one thread at a time.
 */
final class Row {
  /** A hash map's entry takes 16 to 32 bytes, an array's 8. */
  private static final int SPARSE = 4;

  private final int width;
  private final int most;
  private @Nullable Int2DoubleOpenHashMap few = new Int2DoubleOpenHashMap(4);
  private double[] all = {};

  Row(int width) {
    this(width, width);
  }

  /** A row that holds fewer than twice {@code most} sums. */
  Row(int width, int most) {
    this.width = width;
    this.most = most;
  }

  void add(int column, double value) {
    if (few == null) {
      all[column] += value;
    } else {
      few.addTo(column, value);
      if (few.size() >= 2L * most) {
        dropSmaller(few);
      } else if (few.size() > width / SPARSE && 2L * most > width) {
        becomeArray(few);
      }
    }
  }

  /** Adds {@code value} to each of {@code columns[from .. to)}. */
  void addAll(int[] columns, int from, int to, double value) {
    int at = from;
    while (few != null && at < to) {
      add(columns[at++], value);
    }
    double[] sums = all;
    while (at < to) {
      sums[columns[at++]] += value;
    }
  }

  private void dropSmaller(Int2DoubleOpenHashMap from) {
    BestItems best = new BestItems(most);
    from.int2DoubleEntrySet()
        .fastForEach(entry -> best.offer(entry.getIntKey(), entry.getDoubleValue()));
    Int2DoubleOpenHashMap kept = new Int2DoubleOpenHashMap(most);
    best.drainTo((item, score) -> kept.put(item, score));
    few = kept;
  }

  private void becomeArray(Int2DoubleOpenHashMap from) {
    all = new double[width];
    for (Int2DoubleMap.Entry entry : from.int2DoubleEntrySet()) {
      all[entry.getIntKey()] = entry.getDoubleValue();
    }
    few = null;
  }

  /** The columns with a sum, in no fixed order. */
  void forEach(Visitor visitor) {
    if (few == null) {
      for (int column = 0; column < width; column++) {
        if (all[column] != 0) {
          visitor.visit(column, all[column]);
        }
      }
    } else {
      few.int2DoubleEntrySet()
          .fastForEach(entry -> visitor.visit(entry.getIntKey(), entry.getDoubleValue()));
    }
  }

  @FunctionalInterface
  interface Visitor {
    void visit(int column, double value);
  }
}
