package org.onemall.mall.check;

import java.util.Arrays;
import org.onemall.mall.world.Taxonomy;
import org.onemall.mall.world.World;
import org.onemall.shop.Behavior;

/** What the simple baselines learn from the log: clicks of training days, and who clicked what. */
final class ClickHistory {
  private static final int POPULARITY_DAYS = 3;
  private static final int LAST = 20;
  private static final double RECENCY = 0.8;

  private final World world;
  private final LogWithTruth log;
  final CoClicks coClicks;
  final LeafTransitions directed;
  final LeafTransitions symmetric;
  private final double[] leafShares = new double[Taxonomy.LEAVES];

  /** Of the user at hand: items and product leaves clicked so far, the leaves counted. */
  private int[] items = new int[64];

  private int count;
  private final int[] leafCounts = new int[Taxonomy.LEAVES];

  /** {@code order}: requests by user; training is before {@code testDay}. */
  ClickHistory(World world, LogWithTruth log, int[] order, int testDay) {
    this.world = world;
    this.log = log;
    int[] users = new int[1 << 12];
    int[] clicked = new int[1 << 12];
    int[] leaves = new int[1 << 12];
    int size = 0;
    for (int r : order) {
      for (int row = log.firstRow[r]; log.day(r) < testDay && row < log.firstRow[r + 1]; row++) {
        if (log.did(row, Behavior.CLICK)) {
          if (size == users.length) {
            users = Arrays.copyOf(users, 2 * size);
            clicked = Arrays.copyOf(clicked, 2 * size);
            leaves = Arrays.copyOf(leaves, 2 * size);
          }
          users[size] = log.user[r];
          clicked[size] = log.item[row];
          leaves[size] = leaf(row);
          leafShares[leaves[size++]]++;
        }
      }
    }
    users = Arrays.copyOf(users, size);
    leaves = Arrays.copyOf(leaves, size);
    coClicks = new CoClicks(world.ids.size(), users, Arrays.copyOf(clicked, size));
    directed = new LeafTransitions(users, leaves, false);
    symmetric = new LeafTransitions(users, leaves, true);
    for (int l = 0; l < leafShares.length; l++) {
      leafShares[l] = (leafShares[l] + 1) / (size + Taxonomy.LEAVES);
    }
  }

  private int leaf(int row) {
    return world.products.leaf[world.ids.number(log.product[row])];
  }

  /** Clicks of each item in the days before {@code day}. */
  int[] popularity(int day) {
    int[] clicks = new int[world.ids.size()];
    for (int r = 0; r < log.requests; r++) {
      int of = log.day(r);
      for (int row = log.firstRow[r];
          of < day && of >= day - POPULARITY_DAYS && row < log.firstRow[r + 1];
          row++) {
        clicks[log.item[row]] += log.did(row, Behavior.CLICK) ? 1 : 0;
      }
    }
    return clicks;
  }

  void startUser() {
    count = 0;
    Arrays.fill(leafCounts, 0);
  }

  void observe(int r) {
    for (int row = log.firstRow[r]; row < log.firstRow[r + 1]; row++) {
      if (log.did(row, Behavior.CLICK)) {
        if (count == items.length) {
          items = Arrays.copyOf(items, 2 * count);
        }
        items[count++] = log.item[row];
        leafCounts[leaf(row)]++;
      }
    }
  }

  /** .8 P(leaf | last leaf) + .2 the user's own mix; {@code last} -1 = no click yet. */
  double leaf(LeafTransitions steps, int last, int leaf) {
    double own = (leafCounts[leaf] + 5 * leafShares[leaf]) / (count + 5);
    return last < 0 ? own : 0.8 * steps.probability(last, leaf) + 0.2 * own;
  }

  /** Sums up the neighbours of the last clicks; {@code scores} is by item and starts as zeros. */
  void addNeighbours(double[] scores) {
    double weight = 1;
    for (int i = count - 1; i >= Math.max(0, count - LAST); i--) {
      coClicks.add(items[i], weight, scores);
      weight *= RECENCY;
    }
  }
}
