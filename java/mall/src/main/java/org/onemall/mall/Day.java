package org.onemall.mall;

import java.util.Arrays;

/** What all users of a day share: the goods on sale and the rooms on air. Immutable. */
final class Day {
  static final long DAY_MS = 86_400_000L;

  /** Monday, 2026-01-05 00:00 UTC. */
  static final long FIRST_MS = 1_767_571_200_000L;

  static final int BLOCK_MS = Authors.BLOCK_MINUTES * 60_000;

  final int index;
  final boolean[] onSale;
  final Shelf products;
  final Shelf videos;

  /** Rooms on air in block b: {@code rooms[from[b]] ..}, ascending, and what each shows. */
  final int[] rooms;

  final int[] onAir;
  final int[] from = new int[Authors.BLOCKS + 1];

  Day(World world, LeafRows products, LeafRows videos, int index) {
    this.index = index;
    Catalogue catalogue = world.catalogue;
    onSale = new boolean[catalogue.size()];
    double[] weights = new double[catalogue.size()];
    for (int p = 0; p < weights.length; p++) {
      onSale[p] = catalogue.isOnSale(p, index);
      if (onSale[p]) {
        double age = index - catalogue.arrival[p];
        double popularity = catalogue.popularity[p] * (0.5 + StrictMath.exp(-0.03 * age));
        weights[p] = StrictMath.sqrt(popularity * StrictMath.sqrt(popularity));
      }
    }
    long key = world.draws.key(0, index, 0, 0);
    this.products = new Shelf(products, weights, key);
    double[] videoWeights = new double[world.videos.ecom];
    for (int v = 0; v < videoWeights.length; v++) {
      if (world.videos.isShown(v, index) && onSale[world.videos.product[v]]) {
        double age = index - world.videos.arrival[v];
        videoWeights[v] = world.videos.popularity[v] * (0.3 + StrictMath.exp(-0.1 * age));
      }
    }
    this.videos = new Shelf(videos, videoWeights, key + 1);
    int[] found = new int[1 << 10];
    int[] shown = new int[1 << 10];
    int count = 0;
    for (int block = 0; block < Authors.BLOCKS; block++) {
      for (int a = 0; a < world.authors.size(); a++) {
        int product =
            world.authors.isScheduled(a, index, block)
                ? world.authors.onAir(a, index, block, onSale)
                : -1;
        if (product >= 0) {
          if (count == found.length) {
            found = Arrays.copyOf(found, 2 * count);
            shown = Arrays.copyOf(shown, 2 * count);
          }
          found[count] = a;
          shown[count++] = product;
        }
      }
      from[block + 1] = count;
    }
    rooms = Arrays.copyOf(found, count);
    onAir = Arrays.copyOf(shown, count);
  }

  /** Midnight at its beginning. */
  long startMs() {
    return startMs(index);
  }

  static long startMs(int day) {
    return FIRST_MS + day * DAY_MS;
  }

  static int block(long sinceMidnightMs) {
    return (int) Math.min(Authors.BLOCKS - 1, sinceMidnightMs / BLOCK_MS);
  }

  int roomsOnAir(int block) {
    return from[block + 1] - from[block];
  }
}
