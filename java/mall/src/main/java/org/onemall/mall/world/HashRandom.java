package org.onemall.mall.world;

/**
 * Uniform numbers by hash: {@code U(purpose, keys)} = two rounds of the splitmix64 finaliser over a
 * sum of keys times constants. The constants are independent random odd numbers; multiples of one
 * constant would leave a hash of five keys with some ten thousand values. A draw depends on its
 * keys only, so that users can be walked by any number of threads in any order.
 */
public final class HashRandom {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long SEED = constant(101);
  private static final long USER = constant(1);
  private static final long DAY = constant(2);
  private static final long SESSION = constant(3);
  private static final long PAGE = constant(4);
  private static final long ITEM = constant(5);

  private final long base;

  HashRandom(long seed) {
    base = seed * SEED;
  }

  private static long constant(long index) {
    return mix(index * GOLDEN) | 1;
  }

  /** The splitmix64 finaliser. */
  static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  /** The part of a key that draws of one place (a user's page, an author's day) share. */
  public long key(long user, long day, long session, long page) {
    return base + user * USER + day * DAY + session * SESSION + page * PAGE;
  }

  /** 64 random bits. */
  public static long bits(long key, DrawPurpose purpose, long item) {
    return mix(mix(key + item * ITEM + purpose.constant));
  }

  /** Uniform in the open interval (0, 1). */
  public static double uniform(long key, DrawPurpose purpose, long item) {
    return (bits(key, purpose, item) >>> 11) * 0x1.0p-53 + 0x1.0p-54;
  }

  /** Standard normal. */
  public static double normal(long key, DrawPurpose purpose, long item) {
    return NormalQuantile.quantile(uniform(key, purpose, item));
  }

  /** Uniform in [0, bound). */
  public static int index(long key, DrawPurpose purpose, long item, int bound) {
    return Math.min(bound - 1, (int) (uniform(key, purpose, item) * bound));
  }

  /** The generator of one static table, or of one row of it. */
  public Dice dice(DrawPurpose purpose, long table, long row) {
    return new Dice(bits(key(0, table, 0, 0), purpose, row));
  }
}
