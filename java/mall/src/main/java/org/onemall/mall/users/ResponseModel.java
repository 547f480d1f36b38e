package org.onemall.mall.users;

import org.onemall.mall.world.Authors;
import org.onemall.mall.world.Products;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.World;

/** The true probabilities: what a user does with an item that is shown (the world's law). */
public final class ResponseModel {
  static final double NOISE = 0.003;
  public static final double INTENT_LEAF = 4.6;
  public static final double INTENT_COLOUR = 2.0;
  public static final double INTENT_PATTERN = 1.2;
  private static final double CARD_CLICK = -3.90;
  private static final double VIDEO_CLICK = -5.02;
  private static final double ROOM_CLICK = -2.15;
  private static final double CARD_BUY = -4.62;
  private static final double VIDEO_BUY = -5.15;
  private static final double ROOM_BUY = -4.62;
  private static final double[] CARD_EXAMINED = {1, .93, .86, .78, .70, .62};
  private static final double[] ROOM_EXAMINED = {1, .86, .74, .64};
  public static final double COUPON_SHARE = 0.2;
  public static final double COUPON = 0.9;
  public static final double MORE_CONSUMABLES = 0.3;

  private final World world;
  private final Shopper shopper;
  private final UserStates states;

  public ResponseModel(World world, Shopper shopper, UserStates states) {
    this.world = world;
    this.shopper = shopper;
    this.states = states;
  }

  /** The intent's term J of a product. */
  public double intent(int product, int leaf, int colour, int pattern) {
    Products c = world.products;
    if (c.leaf[product] != leaf) {
      return 0;
    }
    return INTENT_LEAF
        + (c.colour[product] == colour ? INTENT_COLOUR : 0)
        + (c.pattern[product] == pattern ? INTENT_PATTERN : 0);
  }

  /** The part of an examined click's log-odds that does not depend on the intent, for a card. */
  public double cardScore(int product, int day) {
    return CARD_CLICK
        + shopper.match(product)
        + 0.45 * world.products.bait[product]
        - own(product, day)
        - fatigue(0.30, world.ids.product(product));
  }

  /** As {@link #cardScore}, for an e-commerce video. */
  public double videoScore(int video, int day) {
    int product = world.videos.product[video];
    return VIDEO_CLICK
        + shopper.match(product)
        + 0.45 * world.videos.bait(video, world.products)
        + 0.4 * world.videos.quality[video]
        - own(product, day)
        - fatigue(0.30, world.ids.video(video));
  }

  /** As {@link #cardScore}, for a room, without what it shows (S). */
  public double roomScore(int author) {
    return ROOM_CLICK + roomTaste(author) - fatigue(0.15, world.ids.room(author));
  }

  /** The static part of a room's pull, S. */
  public double roomTaste(int author) {
    Authors authors = world.authors;
    return 0.35 * shopper.logAuthorShare(author)
        + 0.5 * authors.charisma[author]
        + 0.2 * shopper.style[authors.style[author]]
        + (states.follows(shopper.user, author) ? 1.4 : 0);
  }

  private double fatigue(double weight, int item) {
    return weight * Math.min(states.exposures(shopper.user, item), 4);
  }

  /** What a purchase in the same leaf takes away, or gives back when it has been used up. */
  double own(int product, int day) {
    int leaf = world.products.leaf[product];
    int days = states.daysSinceBought(shopper.user, leaf, day);
    if (days < 0) {
      return 0;
    }
    if (!world.taxonomy.isConsumable(leaf)) {
      return 3 * ReproducibleMath.exp(-days / 30.0);
    }
    if (days < 7) {
      return 1;
    }
    return days < 21 ? -0.8 : 0;
  }

  /** The probability that an e-commerce video is watched long, whether clicked or not. */
  public double videoLongView(int video, double intentTerm) {
    double pull = 0.45 * (shopper.match(world.videos.product[video]) + 0.5 * intentTerm);
    return ReproducibleMath.sigmoid(
        -1.6 + pull + 0.6 * world.videos.quality[video] - 0.2 * world.videos.ownBait[video]);
  }

  /** The probability of a click on an examined item from its log-odds. */
  public static double click(double logOdds) {
    return NOISE + (1 - NOISE) * ReproducibleMath.sigmoid(logOdds);
  }

  public static double cardExamined(int position) {
    return CARD_EXAMINED[position];
  }

  public static double roomExamined(int position) {
    return ROOM_EXAMINED[position];
  }

  public double cardBuy(int product, int leaf, int day) {
    return buy(CARD_BUY, product, world.products.bait[product], leaf, day);
  }

  public double videoBuy(int video, int leaf, int day) {
    float bait = world.videos.bait(video, world.products);
    return buy(VIDEO_BUY, world.videos.product[video], bait, leaf, day);
  }

  public double roomBuy(int onAir, int leaf, int day) {
    return buy(ROOM_BUY, onAir, 0.5 * world.products.bait[onAir], leaf, day);
  }

  /** The probability that a click ends in a purchase. */
  private double buy(double base, int product, double bait, int leaf, int day) {
    Products c = world.products;
    double over = Math.max(c.priceZ[product] - shopper.priceTarget, 0);
    double logPrice = Math.max(StrictMath.log(c.yuan(product) / 100), -1);
    return ReproducibleMath.sigmoid(
        base
            + 0.6 * shopper.match(product)
            + (c.leaf[product] == leaf ? 0.9 : 0)
            + 0.5 * c.quality[product]
            - 0.6 * bait
            - 0.8 * shopper.priceSensitivity * over * over
            - 0.25 * logPrice
            - own(product, day));
  }

  /** E[payment | purchase] in yuan: the price times the expected quantity and coupon. */
  public static double expectedPayment(World world, int product) {
    boolean consumable = world.taxonomy.isConsumable(world.products.leaf[product]);
    return world.products.yuan(product)
        * (consumable ? 1 + MORE_CONSUMABLES : 1)
        * (1 - COUPON_SHARE * (1 - COUPON));
  }
}
