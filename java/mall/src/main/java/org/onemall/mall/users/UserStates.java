package org.onemall.mall.users;

import java.util.Arrays;

/**
 * What the world remembers of each user from day to day: about 400 bytes a user, in primitive
 * arrays. A user's part is touched by one thread at a time.
 */
public final class UserStates {
  static final int RECENT = 60;
  static final int BOUGHT = 16;
  static final int FOLLOW_UPS = 4;
  static final int FOLLOWS = 8;
  static final int NONE = -1;

  /** The latest exposures that were no entertainment, a ring of dense items. */
  private final int[] recent;

  private final byte[] recentNext;

  /** Leaves bought and the day of the last purchase there; the oldest makes room. */
  private final byte[] boughtLeaf;

  private final short[] boughtDay;
  private final byte[] followUpLeaf;
  private final short[] followUpDay;

  /** The last clicked product and when; {@link #NONE} = never. */
  public final int[] lastClick;

  public final long[] lastClickMs;

  /** The intent at the end of the last session. */
  public final byte[] goal;

  /** The last long-viewed interest video's leaf, and its end. */
  public final byte[] watchedLeaf;

  public final long[] watchedMs;

  /** Authors followed, then {@link #NONE}; unset until the first active day. */
  private final int[] follows;

  private final boolean[] hasFollows;

  public UserStates(int users) {
    recent = new int[users * RECENT];
    recentNext = new byte[users];
    boughtLeaf = new byte[users * BOUGHT];
    boughtDay = new short[users * BOUGHT];
    followUpLeaf = new byte[users * FOLLOW_UPS];
    followUpDay = new short[users * FOLLOW_UPS];
    lastClick = new int[users];
    lastClickMs = new long[users];
    goal = new byte[users];
    watchedLeaf = new byte[users];
    watchedMs = new long[users];
    follows = new int[users * FOLLOWS];
    hasFollows = new boolean[users];
    Arrays.fill(recent, NONE);
    Arrays.fill(boughtLeaf, (byte) NONE);
    Arrays.fill(followUpLeaf, (byte) NONE);
    Arrays.fill(lastClick, NONE);
    Arrays.fill(goal, (byte) NONE);
    Arrays.fill(watchedLeaf, (byte) NONE);
  }

  public void expose(int user, int item) {
    int next = recentNext[user];
    recent[user * RECENT + next] = item;
    recentNext[user] = (byte) (next + 1 == RECENT ? 0 : next + 1);
  }

  /** How often an item is among the latest exposures. */
  int exposures(int user, int item) {
    int count = 0;
    int end = (user + 1) * RECENT;
    for (int i = user * RECENT; i < end; i++) {
      count += recent[i] == item ? 1 : 0;
    }
    return count;
  }

  public void buy(int user, int leaf, int day) {
    int from = user * BOUGHT;
    int place = from;
    for (int i = from; i < from + BOUGHT; i++) {
      if (boughtLeaf[i] == leaf || boughtLeaf[i] == NONE) {
        place = i;
        break;
      }
      if (boughtDay[i] < boughtDay[place]) {
        place = i;
      }
    }
    boughtLeaf[place] = (byte) leaf;
    boughtDay[place] = (short) day;
  }

  /** Days since the last purchase in a leaf; -1: none is remembered. */
  int daysSinceBought(int user, int leaf, int day) {
    int from = user * BOUGHT;
    for (int i = from; i < from + BOUGHT && boughtLeaf[i] != NONE; i++) {
      if (boughtLeaf[i] == leaf) {
        return day - boughtDay[i];
      }
    }
    return -1;
  }

  void addFollowUp(int user, int leaf, int day) {
    int from = user * FOLLOW_UPS;
    int place = from;
    for (int i = from; i < from + FOLLOW_UPS; i++) {
      if (followUpLeaf[i] == NONE) {
        place = i;
        break;
      }
      if (followUpDay[i] < followUpDay[place]) {
        place = i;
      }
    }
    followUpLeaf[place] = (byte) leaf;
    followUpDay[place] = (short) day;
  }

  /** The place of the oldest follow-up that is at most 7 days old; -1: there is none. */
  int pendingFollowUp(int user, int day) {
    int from = user * FOLLOW_UPS;
    int oldest = NONE;
    for (int i = from; i < from + FOLLOW_UPS; i++) {
      boolean pending = followUpLeaf[i] != NONE && day - followUpDay[i] <= 7;
      if (pending && (oldest == NONE || followUpDay[i] < followUpDay[oldest])) {
        oldest = i;
      }
    }
    return oldest;
  }

  /** Removes a follow-up and returns its leaf. */
  int takeFollowUp(int place) {
    int leaf = followUpLeaf[place];
    followUpLeaf[place] = NONE;
    return leaf;
  }

  public boolean hasFollows(int user) {
    return hasFollows[user];
  }

  /** {@code authors} holds {@link #FOLLOWS} entries. */
  public void setFollows(int user, int[] authors) {
    System.arraycopy(authors, 0, follows, user * FOLLOWS, FOLLOWS);
    hasFollows[user] = true;
  }

  boolean follows(int user, int author) {
    int end = (user + 1) * FOLLOWS;
    for (int i = user * FOLLOWS; i < end; i++) {
      if (follows[i] == author) {
        return true;
      }
    }
    return false;
  }
}
