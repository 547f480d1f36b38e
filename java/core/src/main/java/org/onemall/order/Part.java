package org.onemall.order;

import java.util.Locale;

/** The parts of the final order, in the order in which they join it. */
public enum Part {
  /** Log-probability of generator + pointer. */
  RETRIEVER(0),
  /** Score of the item tower, in nats. */
  TOWER(1),
  /** Item-kNN over the history: a sum of similarities, at least 0. */
  MEMORY(2),
  /** How often the user bought the item, weighted by recency; at least 0. */
  FREQUENCY(3);

  private final int index;

  Part(int index) {
    this.index = index;
  }

  /** Its place in arrays by part. */
  int index() {
    return index;
  }

  /** The name in configs and reports. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
