package org.onemall.mall.policy;

import java.util.Arrays;
import org.onemall.mall.users.Intent;
import org.onemall.mall.users.Shopper;
import org.onemall.mall.users.UserStates;
import org.onemall.mall.world.DayOffer;
import org.onemall.mall.world.DrawPurpose;
import org.onemall.mall.world.HashRandom;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.World;
import org.onemall.mall.world.WorldClock;

/** A user's sessions of a day, in order and without overlap. One for each thread. */
public final class SessionSimulator {
  private static final int MAXIMUM_PAGES = 60;
  private static final double[] START_HOURS = {8, 12.5, 20.5};
  private static final long PAUSE_MS = 5 * 60_000L;

  private final World world;
  private final Shopper shopper;
  private final UserStates states;
  private final Intent intent;
  private final PageSimulator pages;

  public SessionSimulator(World world, UserStates states, DayOffer day) {
    this.world = world;
    this.states = states;
    shopper = new Shopper(world);
    intent = new Intent(world, shopper);
    pages = new PageSimulator(world, shopper, states, intent, day);
  }

  /** What a user does on a day, appended to {@code rows}. */
  public void simulateDay(int user, DayOffer day, DayRows rows) {
    if (!Shopper.isActive(world, user, day.index)) {
      return;
    }
    shopper.load(user, day.index);
    if (!states.hasFollows(user)) {
      states.setFollows(user, shopper.drawFollows());
    }
    pages.startUser(day, rows);
    long[] starts = starts(user, day.index);
    long free = 0;
    for (int session = 0; session < starts.length; session++) {
      free = session(day, session, Math.max(starts[session], free)) + PAUSE_MS;
    }
  }

  private long[] starts(int user, int day) {
    long key = world.draws.key(user, day, 0, 0);
    int count = 1;
    for (int i = 0; i < 2; i++) {
      count += HashRandom.uniform(key, DrawPurpose.SESSIONS, i) < 0.45 ? 1 : 0;
    }
    long[] starts = new long[count];
    for (int i = 0; i < count; i++) {
      double u = HashRandom.uniform(key, DrawPurpose.SESSION_PART, i);
      double hour =
          START_HOURS[u < 0.2 ? 0 : u < 0.5 ? 1 : 2]
              + 1.2 * HashRandom.normal(key, DrawPurpose.SESSION_START, i);
      starts[i] = (long) (ReproducibleMath.clip(hour, 0, 23.9) * 3_600_000);
    }
    Arrays.sort(starts);
    return starts;
  }

  /** Returns when it ended, in milliseconds since midnight. */
  private long session(DayOffer day, int session, long start) {
    int user = shopper.user;
    long now = start;
    int scenario = -1;
    for (int page = 0; page < MAXIMUM_PAGES && now < WorldClock.DAY_MS; page++) {
      long key = world.draws.key(user, day.index, session + 1, page + 1);
      if (page == 0) {
        intent.startSession(states, day.index, key);
      } else {
        intent.nextPage(key);
      }
      intent.trigger(day.startMs() + now);
      scenario = scenario(scenario, now, key);
      if (scenario < 0) {
        break;
      }
      pages.show(scenario, now, key);
      settle(day.index, key);
      now += pages.durationMs;
      double end = 0.13 - 0.05 * Math.min(pages.clicks, 2) - 0.01 * Math.min(pages.longViews, 3);
      if (HashRandom.uniform(key, DrawPurpose.EXIT, 0) < Math.max(end, 0.02)) {
        break;
      }
    }
    states.goal[user] = (byte) intent.leaf;
    return now;
  }

  /** The next page's scenario; -1: nothing can be shown at all. */
  private int scenario(int last, long now, long key) {
    int scenario = last;
    if (last < 0 || HashRandom.uniform(key, DrawPurpose.SCENARIO_KEPT, 0) >= 0.7) {
      double x = HashRandom.uniform(key, DrawPurpose.SCENARIO, 0);
      scenario = ReproducibleMath.search(shopper.scenarioSums, 0, 3, x);
    }
    if (pages.canServe(scenario, now)) {
      return scenario;
    }
    int other =
        HashRandom.uniform(key, DrawPurpose.SCENARIO_INSTEAD, 0) * shopper.scenarioSums[1]
                < shopper.scenarioSums[0]
            ? 0
            : 1;
    if (pages.canServe(other, now)) {
      return other;
    }
    return pages.canServe(1 - other, now) ? 1 - other : -1;
  }

  /** What the page's clicks and purchases do to the intent. */
  private void settle(int day, long key) {
    if (pages.lastClicked >= 0) {
      intent.clicked(pages.lastClicked, key);
    }
    for (int i = 0; i < pages.purchases; i++) {
      intent.bought(pages.boughtProduct[i], pages.boughtItem[i], states, day, key);
    }
  }
}
