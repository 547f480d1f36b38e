package org.onemall.item2item;

import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;
import org.onemall.shop.Baskets;

/** Who ever took what, both ways round, ascending, with caps on either side. */
final class Incidence {
  private static final int[] NONE = {};

  final int[][] itemsOfUser;
  final int[][] usersOfItem;

  private Incidence(int[][] itemsOfUser, int[][] usersOfItem) {
    this.itemsOfUser = itemsOfUser;
    this.usersOfItem = usersOfItem;
  }

  /** From the first {@code requests} requests. */
  static Incidence of(Baskets baskets, int requests, Item2ItemConfig.Swing config, long seed) {
    int[][] itemsOfUser = new int[baskets.users()][];
    Arrays.fill(itemsOfUser, NONE);
    int[] counts = new int[baskets.users()];
    for (int request = 0; request < requests; request++) {
      int user = baskets.user(request);
      for (int i = baskets.start(request); i < baskets.end(request); i++) {
        itemsOfUser[user] = IntArrays.grow(itemsOfUser[user], counts[user] + 1, counts[user]);
        itemsOfUser[user][counts[user]++] = baskets.item(i);
      }
    }
    for (int user = 0; user < itemsOfUser.length; user++) {
      int[] distinct = distinct(Arrays.copyOf(itemsOfUser[user], counts[user]));
      itemsOfUser[user] = Sample.of(distinct, config.maxItems(), seed, user);
    }
    return of(itemsOfUser, baskets.items(), config, seed);
  }

  /** From each user's items, ascending. */
  static Incidence of(int[][] itemsOfUser, int items, Item2ItemConfig.Swing config, long seed) {
    int[][] usersOfItem = inverse(itemsOfUser, items);
    for (int item = 0; item < usersOfItem.length; item++) {
      usersOfItem[item] = Sample.of(usersOfItem[item], config.maxUsers(), ~seed, item);
    }
    return new Incidence(inverse(usersOfItem, itemsOfUser.length), usersOfItem);
  }

  private static int[] distinct(int[] values) {
    Arrays.sort(values);
    int size = 0;
    for (int i = 0; i < values.length; i++) {
      if (i == 0 || values[i] != values[i - 1]) {
        values[size++] = values[i];
      }
    }
    return Arrays.copyOf(values, size);
  }

  private static int[][] inverse(int[][] lists, int columns) {
    int[] counts = new int[columns];
    for (int[] list : lists) {
      for (int column : list) {
        counts[column]++;
      }
    }
    int[][] inverse = new int[columns][];
    for (int column = 0; column < columns; column++) {
      inverse[column] = counts[column] == 0 ? NONE : new int[counts[column]];
    }
    Arrays.fill(counts, 0);
    for (int row = 0; row < lists.length; row++) {
      for (int column : lists[row]) {
        inverse[column][counts[column]++] = row;
      }
    }
    return inverse;
  }
}
