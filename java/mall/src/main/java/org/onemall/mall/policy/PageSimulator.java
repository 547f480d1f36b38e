package org.onemall.mall.policy;

import org.onemall.mall.users.Intent;
import org.onemall.mall.users.ResponseModel;
import org.onemall.mall.users.Shopper;
import org.onemall.mall.users.UserStates;
import org.onemall.mall.world.DayOffer;
import org.onemall.mall.world.DrawPurpose;
import org.onemall.mall.world.HashRandom;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.World;
import org.onemall.mall.world.WorldClock;
import org.onemall.shop.Behavior;

/**
 * Fills one page after the other, and lets the user answer. All probabilities are those of the
 * state at the page's start; draws are keyed by (user, day, session, page, item). One for each
 * thread.
 */
public final class PageSimulator {
  static final int CARDS = 6;
  static final int FEED = 6;
  static final int ROOMS = 4;

  /** Of the mall's ranker, per user and item: good, not perfect. */
  public static final double RANKER_NOISE = 0.6;

  private static final int EXPOSURE = Behavior.EXPOSURE.bit();
  private static final int CLICK = Behavior.CLICK.bit();
  private static final int LONG_VIEW = Behavior.LONG_VIEW.bit();
  private static final int CART = Behavior.CART.bit();
  private static final int BUY = Behavior.BUY.bit();

  private final World world;
  private final Shopper shopper;
  private final UserStates states;
  private final Intent intent;
  private final ResponseModel response;
  private final GoodsPolicy cards;
  private final GoodsPolicy videos;
  private final RoomPolicy rooms;
  private final EntertainmentPolicy entertainment;
  private DayOffer day;
  private DayRows rows = new DayRows();

  /** Of the last page. */
  int clicks;

  int longViews;

  /** The product of the last click; -1 = none. */
  int lastClicked;

  long durationMs;

  /** Products bought, in order, and the items they were bought through. */
  int purchases;

  final int[] boughtProduct = new int[FEED];
  final int[] boughtItem = new int[FEED];

  private long key;
  private long startMs;

  PageSimulator(World world, Shopper shopper, UserStates states, Intent intent, DayOffer day) {
    this.world = world;
    this.shopper = shopper;
    this.states = states;
    this.intent = intent;
    this.day = day;
    response = new ResponseModel(world, shopper, states);
    cards = new GoodsPolicy(world, shopper, new CardGoods(world), day.productsOnSale, RANKER_NOISE);
    videos = new GoodsPolicy(world, shopper, new VideoGoods(world), day.videosOnSale, RANKER_NOISE);
    rooms = new RoomPolicy(world, shopper, response, day, RANKER_NOISE);
    entertainment = new EntertainmentPolicy(world, shopper);
  }

  void startUser(DayOffer newDay, DayRows newRows) {
    day = newDay;
    rows = newRows;
    cards.startUser(day.productsOnSale);
    videos.startUser(day.videosOnSale);
    rooms.startUser(day);
    entertainment.startUser();
  }

  /** Whether there is enough to show in a scenario (its ordinal) at a time since midnight. */
  boolean canServe(int scenario, long sinceMidnight) {
    return switch (World.SCENARIOS.get(scenario)) {
      case PRODUCT_CARD -> cards.canServe();
      case SHORT_VIDEO -> videos.canServe();
      case LIVE_STREAMING ->
          day.roomsOnAir(WorldClock.block(sinceMidnight)) >= RoomPolicy.LEAST_ROOMS;
    };
  }

  /** One page of a scenario (its ordinal) at a time since midnight. */
  void show(int scenario, long sinceMidnight, long pageKey) {
    key = pageKey;
    startMs = day.startMs() + sinceMidnight;
    clicks = 0;
    longViews = 0;
    lastClicked = -1;
    purchases = 0;
    int firstRow = rows.rows;
    rows.startRequest(shopper.user, (int) sinceMidnight, scenario, intent);
    switch (World.SCENARIOS.get(scenario)) {
      case PRODUCT_CARD -> cardPage();
      case SHORT_VIDEO -> feed();
      case LIVE_STREAMING -> livePage(WorldClock.block(sinceMidnight));
    }
    for (int row = firstRow; row < rows.rows; row++) {
      if (scenario != 1 || rows.product[row] >= 0) {
        states.expose(shopper.user, rows.item[row]);
      }
    }
  }

  private double draw(DrawPurpose purpose, int item) {
    return HashRandom.uniform(key, purpose, item);
  }

  private double logNormal(DrawPurpose purpose, int item, double mean, double deviation) {
    return ReproducibleMath.exp(mean + deviation * HashRandom.normal(key, purpose, item));
  }

  private int lastLeaf() {
    int last = states.lastClick[shopper.user];
    return last < 0 ? -1 : world.products.leaf[last];
  }

  private void startGoods(GoodsPolicy policy) {
    int user = shopper.user;
    long sinceWatched = startMs - states.watchedMs[user];
    boolean watched =
        states.watchedLeaf[user] >= 0 && sinceWatched >= 45_000 && sinceWatched <= 300_000;
    policy.startPage(
        states.lastClick[user],
        startMs - states.lastClickMs[user],
        watched ? states.watchedLeaf[user] : -1);
  }

  private double intentOf(int product) {
    return response.intent(product, intent.leaf, intent.colour, intent.pattern);
  }

  private void cardPage() {
    startGoods(cards);
    double pageMs = logNormal(DrawPurpose.PAGE_TIME, 0, 9.9, 0.4);
    for (int slot = 0; slot < CARDS; slot++) {
      int product = cards.draw(key, slot);
      int item = world.ids.product(product);
      double p =
          ResponseModel.cardExamined(slot)
              * ResponseModel.click(response.cardScore(product, day.index) + intentOf(product));
      double buy = response.cardBuy(product, intent.leaf, day.index);
      int row = rows.add(item, item, cards.propensity(), p, buy);
      int mask = EXPOSURE;
      rows.eventOffset[row] = (int) (pageMs * slot / CARDS) + 20_000 * clicks;
      if (draw(DrawPurpose.CLICK, item) < p) {
        float quality = world.products.quality[product];
        float bait = world.products.bait[product];
        boolean longView =
            draw(DrawPurpose.LONG_VIEW, item)
                < ReproducibleMath.sigmoid(0.3 + 0.5 * quality - 0.6 * bait);
        mask |= CLICK | (longView ? LONG_VIEW : 0);
        rows.watchMs[row] =
            (int) (logNormal(DrawPurpose.WATCH, item, 9.2, 0.6) * (longView ? 1.6 : 0.6));
        mask |= afterClick(row, product, buy, cart(product, bait));
        longViews += longView ? 1 : 0;
      }
      rows.behaviors[row] = (byte) mask;
    }
    durationMs = (long) pageMs + 20_000L * clicks;
  }

  private double cart(int product, double bait) {
    boolean wanted = world.products.leaf[product] == intent.leaf;
    return ReproducibleMath.sigmoid(
        -2
            + (wanted ? 0.5 : 0)
            + 0.3 * world.products.quality[product]
            - 0.3 * bait
            + 0.3 * shopper.match(product));
  }

  /** Cart and purchase of what was clicked; returns their bits. */
  private int afterClick(int row, int product, double buy, double cart) {
    int item = rows.item[row];
    clicks++;
    lastClicked = product;
    states.lastClick[shopper.user] = product;
    states.lastClickMs[shopper.user] = startMs + rows.eventOffset[row];
    if (draw(DrawPurpose.BUY, item) >= buy) {
      return draw(DrawPurpose.CART, item) < cart ? CART : 0;
    }
    boolean consumable = world.taxonomy.isConsumable(world.products.leaf[product]);
    int more =
        consumable
            ? ReproducibleMath.poisson(
                ResponseModel.MORE_CONSUMABLES, draw(DrawPurpose.QUANTITY, item))
            : 0;
    boolean coupon = draw(DrawPurpose.COUPON, item) < ResponseModel.COUPON_SHARE;
    rows.quantity[row] = (byte) (1 + more);
    rows.amount[row] =
        (float) (world.products.yuan(product) * (1 + more) * (coupon ? ResponseModel.COUPON : 1));
    boughtProduct[purchases] = product;
    boughtItem[purchases++] = item;
    return CART | BUY;
  }

  private void feed() {
    startGoods(videos);
    entertainment.startPage();
    long elapsed = 0;
    for (int slot = 0; slot < FEED; slot++) {
      if (HashRandom.uniform(key, DrawPurpose.ENTERTAINMENT, -1 - slot) < 0.5) {
        elapsed += entertainmentVideo(slot, elapsed);
      } else {
        elapsed += ecomVideo(slot, elapsed);
      }
    }
    durationMs = Math.max(1, elapsed);
  }

  private int watch(int video, boolean longView, int item) {
    double u = draw(DrawPurpose.WATCH, item);
    return (int) (world.videos.durationMs[video] * (longView ? 0.6 + 0.6 * u : 0.3 * u));
  }

  /** Returns the time it took. */
  private long entertainmentVideo(int slot, long elapsed) {
    int video = entertainment.draw(key, slot);
    int item = world.ids.video(world.videos.ecom + video);
    int row = rows.add(item, -1, 0.5 * entertainment.propensity(), 0, 0);
    boolean longView = draw(DrawPurpose.LONG_VIEW, item) < entertainment.longView(video);
    int watched = watch(world.videos.ecom + video, longView, item);
    rows.eventOffset[row] = (int) elapsed;
    rows.watchMs[row] = watched;
    rows.behaviors[row] = (byte) (EXPOSURE | (longView ? LONG_VIEW : 0));
    if (longView) {
      longViews++;
      if (world.videos.isInterest(video)) {
        long endMs = startMs + elapsed + watched;
        states.watchedLeaf[shopper.user] = world.videos.topicLeaf[video];
        states.watchedMs[shopper.user] = endMs;
        intent.watched(video, endMs, key, item);
      }
    }
    return watched;
  }

  /** Returns the time it took. */
  private long ecomVideo(int slot, long elapsed) {
    int video = videos.draw(key, slot);
    int product = world.videos.product[video];
    int item = world.ids.video(video);
    double wanted = intentOf(product);
    double p = ResponseModel.click(response.videoScore(video, day.index) + wanted);
    double buy = response.videoBuy(video, intent.leaf, day.index);
    int row = rows.add(item, world.ids.product(product), 0.5 * videos.propensity(), p, buy);
    boolean longView = draw(DrawPurpose.LONG_VIEW, item) < response.videoLongView(video, wanted);
    int watched = watch(video, longView, item);
    rows.eventOffset[row] = (int) elapsed;
    rows.watchMs[row] = watched;
    int mask = EXPOSURE | (longView ? LONG_VIEW : 0);
    longViews += longView ? 1 : 0;
    long took = watched;
    if (draw(DrawPurpose.CLICK, item) < p) {
      double bait = world.videos.bait(video, world.products);
      mask |= CLICK | afterClick(row, product, buy, cart(product, bait));
      took += 12_000;
    }
    rows.behaviors[row] = (byte) mask;
    return took;
  }

  private void livePage(int block) {
    rooms.startPage(block, lastLeaf());
    long elapsed = 2_000;
    for (int slot = 0; slot < ROOMS; slot++) {
      int place = rooms.draw(key, slot);
      int author = day.rooms[place];
      int product = day.onAir[place];
      int item = world.ids.room(author);
      double dynamic = 1.1 * shopper.match(product) + intentOf(product);
      double p =
          ResponseModel.roomExamined(slot)
              * ResponseModel.click(response.roomScore(author) + dynamic);
      double buy = response.roomBuy(product, intent.leaf, day.index);
      int row = rows.add(item, world.ids.product(product), rooms.propensity(), p, buy);
      rows.eventOffset[row] = (int) elapsed;
      int mask = EXPOSURE;
      int watched = 1_500;
      if (draw(DrawPurpose.CLICK, item) < p) {
        boolean longView =
            draw(DrawPurpose.LONG_VIEW, item) < ReproducibleMath.sigmoid(-0.4 + 0.4 * dynamic);
        watched = longView ? (int) logNormal(DrawPurpose.WATCH, item, 11.7, 0.6) : 8_000;
        longViews += longView ? 1 : 0;
        mask |= CLICK | (longView ? LONG_VIEW : 0) | afterClick(row, product, buy, 0.10);
      }
      rows.watchMs[row] = watched;
      rows.behaviors[row] = (byte) mask;
      elapsed += watched;
    }
    durationMs = elapsed;
  }
}
