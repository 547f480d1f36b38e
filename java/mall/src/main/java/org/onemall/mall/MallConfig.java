package org.onemall.mall;

import java.nio.file.Path;
import org.onemall.mall.world.WorldParameters;

/**
 * A simulated mall that a run makes before anything else, where it isn't there yet.
 *
 * @param folder where it lies; ingest reads it by its own setting
 * @param users registered by the last day
 */
public record MallConfig(
    Path folder,
    int users,
    int days,
    int products,
    int ecomVideos,
    int entertainmentVideos,
    int authors,
    long seed) {
  public MallConfig {
    new WorldParameters(users, days, products, ecomVideos, entertainmentVideos, authors, seed);
  }

  /** What the world is made from. */
  public WorldParameters world() {
    return new WorldParameters(
        users, days, products, ecomVideos, entertainmentVideos, authors, seed);
  }
}
