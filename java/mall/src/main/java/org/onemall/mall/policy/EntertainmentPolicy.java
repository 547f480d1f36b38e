package org.onemall.mall.policy;

import org.onemall.mall.users.Shopper;
import org.onemall.mall.world.AttributeWords;
import org.onemall.mall.world.DrawPurpose;
import org.onemall.mall.world.HashRandom;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.World;

/** Which entertainment videos a feed shows, and whether they are watched. One for each thread. */
final class EntertainmentPolicy {
  private static final double PREFERRED = 0.85;

  private final World world;
  private final Shopper shopper;
  private final int[] videos;
  private final int[] from;
  private final int categories;
  private final double[] shares = new double[AttributeWords.ENTERTAINMENT_COUNT];
  private final double[] sums = new double[AttributeWords.ENTERTAINMENT_COUNT];
  private final int[] shown = new int[PageSimulator.FEED];
  private int shownCount;
  private double shownMass;
  private double propensity;

  EntertainmentPolicy(World world, Shopper shopper) {
    this.world = world;
    this.shopper = shopper;
    byte[] category = world.videos.category;
    from = new int[shares.length + 1];
    for (byte c : category) {
      from[c + 1]++;
    }
    int filled = 0;
    for (int c = 0; c < shares.length; c++) {
      filled += from[c + 1] > 0 ? 1 : 0;
      from[c + 1] += from[c];
    }
    categories = filled;
    int[] next = from.clone();
    videos = new int[category.length];
    for (int v = 0; v < category.length; v++) {
      videos[next[category[v]]++] = v;
    }
  }

  private boolean hasVideos(int category) {
    return from[category + 1] > from[category];
  }

  void startUser() {
    double total = 0;
    for (int c = 0; c < shares.length; c++) {
      shares[c] = hasVideos(c) ? ReproducibleMath.exp(shopper.entertainment[c]) : 0;
      total += shares[c];
    }
    double sum = 0;
    for (int c = 0; c < shares.length; c++) {
      shares[c] = hasVideos(c) ? PREFERRED * shares[c] / total + (1 - PREFERRED) / categories : 0;
      sum += shares[c];
      sums[c] = sum;
    }
  }

  void startPage() {
    shownCount = 0;
    shownMass = 0;
  }

  /** Draws a slot's video, by its number within its kind. */
  int draw(long key, int slot) {
    for (int attempt = 0; ; attempt++) {
      long draw = slot * 4_096L + attempt;
      double x = HashRandom.uniform(key, DrawPurpose.ENTERTAINMENT, draw) * sums[sums.length - 1];
      int category = ReproducibleMath.search(sums, 0, sums.length, x);
      int size = from[category + 1] - from[category];
      int place = HashRandom.index(key, DrawPurpose.ENTERTAINMENT_ITEM, draw, size);
      int video = videos[from[category] + place];
      if (!wasShown(video)) {
        double pi = shares[category] / size;
        propensity = pi / (1 - shownMass);
        shown[shownCount++] = video;
        shownMass += pi;
        return video;
      }
    }
  }

  double propensity() {
    return propensity;
  }

  private boolean wasShown(int video) {
    for (int i = 0; i < shownCount; i++) {
      if (shown[i] == video) {
        return true;
      }
    }
    return false;
  }

  double longView(int video) {
    double base = world.videos.isInterest(video) ? -0.1 : 0.2;
    double interest = shopper.entertainment[world.videos.category[video]] + 1.5;
    return ReproducibleMath.sigmoid(
        base + 0.35 * ReproducibleMath.clip(interest, -2, 2) + 0.5 * world.videos.appeal[video]);
  }
}
