package org.onemall.mall.world;

/**
 * The time of a world: days of UTC from a Monday on, each cut into blocks of {@value
 * Authors#BLOCK_MINUTES} minutes, in which a room shows one product.
 */
public final class WorldClock {
  public static final long DAY_MS = 86_400_000L;
  public static final int BLOCK_MS = Authors.BLOCK_MINUTES * 60_000;

  /** Monday, 2026-01-05 00:00 UTC. */
  private static final long FIRST_MS = 1_767_571_200_000L;

  private WorldClock() {}

  /** Midnight at the beginning of a day; days before the log are negative. */
  public static long startMs(int day) {
    return FIRST_MS + day * DAY_MS;
  }

  /** The day of a time in the log. */
  public static int day(long timeMs) {
    return (int) ((timeMs - FIRST_MS) / DAY_MS);
  }

  /** The block of a day; a session that runs over midnight stays in the last one. */
  public static int block(long sinceMidnightMs) {
    return (int) Math.min(Authors.BLOCKS - 1, sinceMidnightMs / BLOCK_MS);
  }
}
