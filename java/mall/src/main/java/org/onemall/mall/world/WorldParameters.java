package org.onemall.mall.world;

/**
 * What a world is made from: the same parameters give the same bytes.
 *
 * @param users registered by the last day
 * @param days of the log
 * @param products on cards
 * @param ecomVideos short videos that sell a product
 * @param entertainmentVideos short videos that sell nothing
 * @param authors who have a live room
 */
public record WorldParameters(
    int users,
    int days,
    int products,
    int ecomVideos,
    int entertainmentVideos,
    int authors,
    long seed) {
  static final int MAXIMUM_DAYS = 200;

  public WorldParameters {
    range("users", users, 1, 10_000_000);
    range("days", days, 1, MAXIMUM_DAYS);
    range("products", products, 100, 10_000_000);
    range("ecom_videos", ecomVideos, 100, 10_000_000);
    range("entertainment_videos", entertainmentVideos, 50, 10_000_000);
    range("authors", authors, 1, 1_000_000);
  }

  private static void range(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s: expected %,d to %,d, found %,d".formatted(name, least, most, value));
    }
  }

  /** Sizes that are measured; {@code large} is for tests of scale. */
  public enum Size {
    TINY,
    SMALL,
    LARGE;

    /** The parameters with seed 1. */
    public WorldParameters parameters() {
      return switch (this) {
        case TINY -> new WorldParameters(300, 4, 1_200, 600, 400, 150, 1);
        case SMALL -> new WorldParameters(8_000, 14, 6_000, 5_000, 3_000, 600, 1);
        case LARGE -> new WorldParameters(1_000_000, 14, 300_000, 250_000, 150_000, 30_000, 1);
      };
    }
  }

  public int items() {
    return products + ecomVideos + entertainmentVideos + authors;
  }
}
