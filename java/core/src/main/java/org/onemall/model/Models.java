package org.onemall.model;

/**
 * Makes networks. The bridge's implementation runs them in the embedded Python; tests fake it by
 * hand.
 */
public interface Models {
  /** The networks that exist; {@link #key()} is the name on the Python side. */
  enum Kind {
    TWO_TOWER("two_tower"),
    ITEM_ENCODER("item_encoder"),
    LIVE_TOWER("live_tower"),
    FSQ("fsq"),
    RETRIEVER("retriever");

    private final String key;

    Kind(String key) {
      this.key = key;
    }

    public String key() {
      return key;
    }
  }

  /**
   * Opens a network with fresh weights.
   *
   * @param config a record whose component names are those of the Python dataclass; crosses as JSON
   *     (snake_case)
   * @param seed of weights and dropout
   */
  Model open(Kind kind, Object config, long seed);
}
