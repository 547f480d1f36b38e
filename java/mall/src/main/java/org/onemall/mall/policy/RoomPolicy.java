package org.onemall.mall.policy;

import org.onemall.mall.users.ResponseModel;
import org.onemall.mall.users.Shopper;
import org.onemall.mall.world.DayOffer;
import org.onemall.mall.world.DrawPurpose;
import org.onemall.mall.world.HashRandom;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.World;

/**
 * The logging policy of live rooms: a full softmax over the rooms on air, mixed with a uniform and
 * a charisma part. Exact propensities as in {@link GoodsPolicy}. One for each thread.
 */
public final class RoomPolicy {
  static final int LEAST_ROOMS = 8;
  private static final double TEMPERATURE = 0.9;
  private static final double SAME_LEAF = StrictMath.exp(2.5 * 0.9 / TEMPERATURE);

  private final World world;
  private final Shopper shopper;
  private final ResponseModel response;

  /** By author: S and the ranker's noise, of the user that {@link #userOfTaste} names. */
  private final double[] taste;

  private final double[] noise;
  private final double[] charisma;
  private final int[] userOfTaste;
  private int userStamp;

  /** By place among the rooms on air in a block: exp(score / temperature). */
  private double[] weights = new double[64];

  private double charismaTotal;
  private int userOfWeights = -1;
  private int blockOfWeights = -1;

  /** Of this page, by place among the rooms on air. */
  private double[] pi = new double[64];

  private double[] sums = new double[64];
  private final double noiseWeight;
  private DayOffer day;
  private int first;
  private int count;
  private final int[] shown = new int[8];
  private int shownCount;
  private double shownMass;
  private double propensity;

  public RoomPolicy(
      World world, Shopper shopper, ResponseModel response, DayOffer day, double noise) {
    noiseWeight = noise;
    this.world = world;
    this.shopper = shopper;
    this.response = response;
    this.day = day;
    int authors = world.authors.size();
    taste = new double[authors];
    this.noise = new double[authors];
    charisma = new double[authors];
    userOfTaste = new int[authors];
    for (int a = 0; a < authors; a++) {
      charisma[a] = ReproducibleMath.exp(0.75 * world.authors.charisma[a]);
    }
  }

  public void startUser(DayOffer newDay) {
    day = newDay;
    userStamp++;
  }

  /** A new page in a block; {@code lastLeaf} clicked last, -1 = none. */
  public void startPage(int block, int lastLeaf) {
    first = day.from[block];
    count = day.roomsOnAir(block);
    shownCount = 0;
    shownMass = 0;
    if (pi.length < count) {
      pi = new double[2 * count];
      sums = new double[2 * count];
      weights = new double[2 * count];
      userOfWeights = -1;
    }
    if (userOfWeights != userStamp || blockOfWeights != block) {
      weigh();
      userOfWeights = userStamp;
      blockOfWeights = block;
    }
    double softmaxTotal = 0;
    for (int i = 0; i < count; i++) {
      boolean same = world.products.leaf[day.onAir[first + i]] == lastLeaf;
      pi[i] = weights[i] * (same ? SAME_LEAF : 1);
      softmaxTotal += pi[i];
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      pi[i] =
          0.10 / count
              + 0.15 * charisma[day.rooms[first + i]] / charismaTotal
              + 0.75 * pi[i] / softmaxTotal;
      sum += pi[i];
      sums[i] = sum;
    }
  }

  /** What does not change from page to page within a block. */
  private void weigh() {
    charismaTotal = 0;
    long key = world.draws.key(shopper.user, 0, 0, 0);
    for (int i = 0; i < count; i++) {
      int author = day.rooms[first + i];
      if (userOfTaste[author] != userStamp) {
        userOfTaste[author] = userStamp;
        taste[author] = response.roomTaste(author);
        noise[author] =
            noiseWeight == 0
                ? 0
                : noiseWeight * HashRandom.normal(key, DrawPurpose.ROOM_NOISE, author);
      }
      double match = 1.1 * shopper.match(day.onAir[first + i]);
      weights[i] =
          ReproducibleMath.exp((taste[author] + 0.9 * (match + noise[author])) / TEMPERATURE);
      charismaTotal += charisma[author];
    }
  }

  /** The probability of the i-th room on air in a first slot of this page (pi). */
  public double probability(int i) {
    return pi[i];
  }

  /** Draws the next slot: a place among the day's rooms ({@link DayOffer#rooms}). */
  int draw(long key, int slot) {
    for (int attempt = 0; ; attempt++) {
      double u = HashRandom.uniform(key, DrawPurpose.POLICY, slot * 4_096L + attempt);
      int i = ReproducibleMath.search(sums, 0, count, u * sums[count - 1]);
      if (!wasShown(i)) {
        propensity = pi[i] / (1 - shownMass);
        shown[shownCount++] = i;
        shownMass += pi[i];
        return first + i;
      }
    }
  }

  double propensity() {
    return propensity;
  }

  private boolean wasShown(int place) {
    for (int i = 0; i < shownCount; i++) {
      if (shown[i] == place) {
        return true;
      }
    }
    return false;
  }
}
