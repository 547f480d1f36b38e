package org.onemall.mall.users;

import org.onemall.mall.world.DrawPurpose;
import org.onemall.mall.world.HashRandom;
import org.onemall.mall.world.Products;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.Taxonomy;
import org.onemall.mall.world.Videos;
import org.onemall.mall.world.World;

/**
 * What a user is after within a session: a leaf, a colour, a pattern. Hidden from everybody but the
 * user's own responses. One for each thread.
 */
public final class Intent {
  private static final int PENDING = 16;

  private final World world;
  private final Shopper shopper;

  /** {@link UserStates#NONE}: after nothing. */
  public int leaf;

  public int colour;
  public int pattern;

  /** The entertainment video that set it, by its number within its kind; -1: none did. */
  public int source;

  /** Intents that watched videos will set, in the order of watching. */
  private final long[] onsetMs = new long[PENDING];

  private final int[] triggering = new int[PENDING];
  private int pending;

  public Intent(World world, Shopper shopper) {
    this.world = world;
    this.shopper = shopper;
  }

  /** A new session: a draw from the prior, the last session's goal, or a follow-up. */
  public void startSession(UserStates states, int day, long key) {
    pending = 0;
    draw(key);
    int user = shopper.user;
    if (states.goal[user] != UserStates.NONE && happens(key, DrawPurpose.INTENT_GOAL, 0.6)) {
      leaf = states.goal[user];
    }
    int followUp = states.pendingFollowUp(user, day);
    if (followUp >= 0 && happens(key, DrawPurpose.INTENT_FOLLOW_UP, 0.6)) {
      leaf = states.takeFollowUp(followUp);
    }
  }

  private static boolean happens(long key, DrawPurpose purpose, double probability) {
    return HashRandom.uniform(key, purpose, 0) < probability;
  }

  private static int pick(double[] sums, long key, DrawPurpose purpose) {
    double x = HashRandom.uniform(key, purpose, 0) * sums[sums.length - 1];
    return ReproducibleMath.search(sums, 0, sums.length, x);
  }

  private void draw(long key) {
    leaf = UserStates.NONE;
    if (happens(key, DrawPurpose.INTENT_AT_ALL, 0.9)) {
      leaf = pick(shopper.intentSums, key, DrawPurpose.INTENT_LEAF);
    }
    colour = pick(shopper.colourSums, key, DrawPurpose.INTENT_COLOUR);
    pattern = pick(shopper.patternSums, key, DrawPurpose.INTENT_PATTERN);
    source = -1;
  }

  /** A further page: mostly the same, sometimes a complement, sometimes something new. */
  public void nextPage(long key) {
    double u = HashRandom.uniform(key, DrawPurpose.INTENT_MOVE, 0);
    if (u < 0.03) {
      draw(key);
    } else if (u < 0.08 && leaf != UserStates.NONE) {
      boolean first = happens(key, DrawPurpose.INTENT_SIDE, 0.5);
      moveTo(first ? world.taxonomy.firstComplement(leaf) : world.taxonomy.secondComplement(leaf));
    }
  }

  private void moveTo(int newLeaf) {
    leaf = newLeaf;
    source = -1;
  }

  /** A long-viewed interest video may set an intent a while after its end. */
  public void watched(int entertainmentVideo, long endMs, long key, int item) {
    if (HashRandom.uniform(key, DrawPurpose.TRIGGER, item) < 0.5 && pending < PENDING) {
      double delay = 60 + 140 * HashRandom.uniform(key, DrawPurpose.TRIGGER_ONSET, item);
      onsetMs[pending] = endMs + (long) (1_000 * delay);
      triggering[pending++] = entertainmentVideo;
    }
  }

  /** Lets all pending intents begin whose moment has come; the latest one stays. */
  public void trigger(long nowMs) {
    int kept = 0;
    long latest = Long.MIN_VALUE;
    Videos videos = world.videos;
    for (int i = 0; i < pending; i++) {
      if (onsetMs[i] > nowMs) {
        onsetMs[kept] = onsetMs[i];
        triggering[kept++] = triggering[i];
      } else if (onsetMs[i] > latest) {
        latest = onsetMs[i];
        source = triggering[i];
        leaf = videos.topicLeaf[source];
        colour = videos.topicColour[source];
        pattern = videos.topicPattern[source];
      }
    }
    pending = kept;
  }

  /** After a page whose last click was on {@code product}. */
  public void clicked(int product, long key) {
    Products c = world.products;
    int clickedLeaf = c.leaf[product];
    if (clickedLeaf == leaf && happens(key, DrawPurpose.INTENT_ADOPT, 0.75)) {
      colour = c.colour[product];
      pattern = c.pattern[product];
    }
    if (happens(key, DrawPurpose.INTENT_ADVANCE, 0.25)) {
      moveTo(complement(clickedLeaf, key, DrawPurpose.INTENT_ADVANCE_SIDE, 0));
    }
  }

  private int complement(int of, long key, DrawPurpose side, int item) {
    return HashRandom.uniform(key, side, item) < Taxonomy.FIRST_COMPLEMENT
        ? world.taxonomy.firstComplement(of)
        : world.taxonomy.secondComplement(of);
  }

  /** After a purchase: on to what goes with it, or done; perhaps more on another day. */
  public void bought(int product, int item, UserStates states, int day, long key) {
    int boughtLeaf = world.products.leaf[product];
    boolean goesOn = HashRandom.uniform(key, DrawPurpose.INTENT_BOUGHT, item) < 0.5;
    moveTo(goesOn ? world.taxonomy.firstComplement(boughtLeaf) : UserStates.NONE);
    states.buy(shopper.user, boughtLeaf, day);
    if (HashRandom.uniform(key, DrawPurpose.FOLLOW_UP, item) < 0.5) {
      boolean first = HashRandom.uniform(key, DrawPurpose.FOLLOW_UP_SIDE, item) < 0.5;
      int leafAfter =
          first
              ? world.taxonomy.firstComplement(boughtLeaf)
              : world.taxonomy.secondComplement(boughtLeaf);
      states.addFollowUp(shopper.user, leafAfter, day);
    }
  }
}
