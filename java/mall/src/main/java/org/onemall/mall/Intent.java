package org.onemall.mall;

/**
 * What a user is after within a session: a leaf, a colour, a pattern. Hidden from everybody but the
 * user's own responses. One for each thread.
 */
final class Intent {
  private static final int PENDING = 16;

  private final World world;
  private final Shopper shopper;

  /** {@link UserStates#NONE}: after nothing. */
  int leaf;

  int colour;
  int pattern;

  /** The entertainment video that set it, by its number within its kind; -1: none did. */
  int source;

  /** Intents that watched videos will set, in the order of watching. */
  private final long[] onsetMs = new long[PENDING];

  private final int[] triggering = new int[PENDING];
  private int pending;

  Intent(World world, Shopper shopper) {
    this.world = world;
    this.shopper = shopper;
  }

  /** A new session: a draw from the prior, the last session's goal, or a follow-up. */
  void startSession(UserStates states, int day, long key) {
    pending = 0;
    draw(key);
    int user = shopper.user;
    if (states.goal[user] != UserStates.NONE && happens(key, Purpose.INTENT_GOAL, 0.6)) {
      leaf = states.goal[user];
    }
    int followUp = states.pendingFollowUp(user, day);
    if (followUp >= 0 && happens(key, Purpose.INTENT_FOLLOW_UP, 0.6)) {
      leaf = states.takeFollowUp(followUp);
    }
  }

  private static boolean happens(long key, Purpose purpose, double probability) {
    return Draws.uniform(key, purpose, 0) < probability;
  }

  private static int pick(double[] sums, long key, Purpose purpose) {
    double x = Draws.uniform(key, purpose, 0) * sums[sums.length - 1];
    return Numbers.search(sums, 0, sums.length, x);
  }

  private void draw(long key) {
    leaf = UserStates.NONE;
    if (happens(key, Purpose.INTENT_AT_ALL, 0.9)) {
      leaf = pick(shopper.intentSums, key, Purpose.INTENT_LEAF);
    }
    colour = pick(shopper.colourSums, key, Purpose.INTENT_COLOUR);
    pattern = pick(shopper.patternSums, key, Purpose.INTENT_PATTERN);
    source = -1;
  }

  /** A further page: mostly the same, sometimes a complement, sometimes something new. */
  void nextPage(long key) {
    double u = Draws.uniform(key, Purpose.INTENT_MOVE, 0);
    if (u < 0.03) {
      draw(key);
    } else if (u < 0.08 && leaf != UserStates.NONE) {
      boolean first = happens(key, Purpose.INTENT_SIDE, 0.5);
      moveTo(first ? world.taxonomy.firstComplement(leaf) : world.taxonomy.secondComplement(leaf));
    }
  }

  private void moveTo(int newLeaf) {
    leaf = newLeaf;
    source = -1;
  }

  /** A long-viewed interest video may set an intent a while after its end. */
  void watched(int entertainmentVideo, long endMs, long key, int item) {
    if (Draws.uniform(key, Purpose.TRIGGER, item) < 0.5 && pending < PENDING) {
      double delay = 60 + 140 * Draws.uniform(key, Purpose.TRIGGER_ONSET, item);
      onsetMs[pending] = endMs + (long) (1_000 * delay);
      triggering[pending++] = entertainmentVideo;
    }
  }

  /** Lets all pending intents begin whose moment has come; the latest one stays. */
  void trigger(long nowMs) {
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
  void clicked(int product, long key) {
    Catalogue c = world.catalogue;
    int clickedLeaf = c.leaf[product];
    if (clickedLeaf == leaf && happens(key, Purpose.INTENT_ADOPT, 0.75)) {
      colour = c.colour[product];
      pattern = c.pattern[product];
    }
    if (happens(key, Purpose.INTENT_ADVANCE, 0.25)) {
      moveTo(complement(clickedLeaf, key, Purpose.INTENT_ADVANCE_SIDE, 0));
    }
  }

  private int complement(int of, long key, Purpose side, int item) {
    return Draws.uniform(key, side, item) < Taxonomy.FIRST_COMPLEMENT
        ? world.taxonomy.firstComplement(of)
        : world.taxonomy.secondComplement(of);
  }

  /** After a purchase: on to what goes with it, or done; perhaps more on another day. */
  void bought(int product, int item, UserStates states, int day, long key) {
    int boughtLeaf = world.catalogue.leaf[product];
    boolean goesOn = Draws.uniform(key, Purpose.INTENT_BOUGHT, item) < 0.5;
    moveTo(goesOn ? world.taxonomy.firstComplement(boughtLeaf) : UserStates.NONE);
    states.buy(shopper.user, boughtLeaf, day);
    if (Draws.uniform(key, Purpose.FOLLOW_UP, item) < 0.5) {
      boolean first = Draws.uniform(key, Purpose.FOLLOW_UP_SIDE, item) < 0.5;
      int leafAfter =
          first
              ? world.taxonomy.firstComplement(boughtLeaf)
              : world.taxonomy.secondComplement(boughtLeaf);
      states.addFollowUp(shopper.user, leafAfter, day);
    }
  }
}
