package org.onemall.evaluate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.onemall.statistics.Bootstrap;

/**
 * The users whose requests are drawn together, and how they are drawn.
 *
 * @param ofRequest number of the user of each request, dense from 0
 * @param size number of users
 * @param samples how often they are drawn
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
record Clusters(int[] ofRequest, int size, int samples, long seed) {
  /** One cluster a user, numbered as they appear. */
  static Clusters of(int[] users, int samples, long seed) {
    Map<Integer, Integer> numbers = new LinkedHashMap<>();
    int[] dense =
        Arrays.stream(users)
            .map(user -> numbers.computeIfAbsent(user, _ -> numbers.size()))
            .toArray();
    return new Clusters(dense, numbers.size(), samples, seed);
  }

  /** Draws them; equal clusters see equal draws. */
  Bootstrap bootstrap(double[][] columns) {
    return new Bootstrap(columns, size, samples, seed);
  }
}
