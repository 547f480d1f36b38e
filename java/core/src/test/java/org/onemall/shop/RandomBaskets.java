package org.onemall.shop;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Random;

/** Small random shops for tests. */
public final class RandomBaskets {
  private RandomBaskets() {}

  /** Some requests at random times, cut off before {@code end}; the same seed, the same start. */
  public static Baskets of(long seed, int users, int items, int requestsPerUser, long end) {
    Random random = new Random(seed);
    IntArrayList request = new IntArrayList();
    IntArrayList user = new IntArrayList();
    IntArrayList item = new IntArrayList();
    LongArrayList time = new LongArrayList();
    int next = 0;
    for (int u = 0; u < users; u++) {
      long now = random.nextInt(50);
      for (int r = random.nextInt(requestsPerUser + 1); r > 0; r--) {
        now += random.nextInt(100);
        for (int k = 1 + random.nextInt(8); k > 0; k--) {
          int chosen = Math.min(random.nextInt(items), random.nextInt(items));
          if (now < end) {
            request.add(next);
            user.add(u);
            item.add(chosen);
            time.add(now);
          }
        }
        next++;
      }
    }
    return new Baskets(
        users,
        items,
        request.toIntArray(),
        user.toIntArray(),
        item.toIntArray(),
        time.toLongArray());
  }
}
