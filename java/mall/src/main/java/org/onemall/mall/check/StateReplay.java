package org.onemall.mall.check;

import org.onemall.mall.policy.GoodsPolicy;
import org.onemall.mall.users.ResponseModel;
import org.onemall.mall.users.Shopper;
import org.onemall.mall.users.UserStates;
import org.onemall.mall.world.World;
import org.onemall.shop.Behavior;

/**
 * What the mall knew of a user at each request, rebuilt from the open log and the latents: the
 * state behind propensities and true probabilities, but for the hidden intent.
 */
final class StateReplay {
  private final World world;
  private final LogWithTruth log;
  final Shopper shopper;
  final UserStates states;
  final ResponseModel response;
  private int loadedUser = -1;
  private int loadedDay = -1;

  StateReplay(World world, LogWithTruth log, int users) {
    this.world = world;
    this.log = log;
    shopper = new Shopper(world);
    states = new UserStates(users);
    response = new ResponseModel(world, shopper, states);
  }

  /** Becomes the user of a request; true: on another day or as another user than before. */
  boolean load(int r) {
    int user = log.user[r];
    int day = log.day(r);
    if (user == loadedUser && day == loadedDay) {
      return false;
    }
    loadedUser = user;
    loadedDay = day;
    shopper.load(user, day);
    if (!states.hasFollows(user)) {
      states.setFollows(user, shopper.drawFollows());
    }
    return true;
  }

  /** The leaf of an interest video that the policy takes into account at a request; -1 = none. */
  int watchedLeaf(int r) {
    int user = log.user[r];
    long since = log.timeMs[r] - states.watchedMs[user];
    boolean counts = states.watchedLeaf[user] >= 0 && since >= 45_000 && since <= 300_000;
    return counts ? states.watchedLeaf[user] : -1;
  }

  int lastLeaf(int r) {
    int last = states.lastClick[log.user[r]];
    return last < 0 ? -1 : world.products.leaf[last];
  }

  void startPage(GoodsPolicy policy, int r) {
    int user = log.user[r];
    policy.startPage(
        states.lastClick[user], log.timeMs[r] - states.lastClickMs[user], watchedLeaf(r));
  }

  /** Takes in what happened at a request. */
  void observe(int r) {
    int user = log.user[r];
    for (int row = log.firstRow[r]; row < log.firstRow[r + 1]; row++) {
      int item = log.item[row];
      if (log.product[row] < 0) {
        int video = world.ids.number(item);
        if (log.did(row, Behavior.LONG_VIEW) && world.videos.isInterest(video)) {
          states.watchedLeaf[user] = world.videos.topicLeaf[video];
          states.watchedMs[user] = log.eventMs[row] + log.watchMs[row];
        }
        continue;
      }
      states.expose(user, item);
      int product = world.ids.number(log.product[row]);
      if (log.did(row, Behavior.CLICK)) {
        states.lastClick[user] = product;
        states.lastClickMs[user] = log.eventMs[row];
      }
      if (log.did(row, Behavior.BUY)) {
        states.buy(user, world.products.leaf[product], log.day(r));
      }
    }
  }
}
