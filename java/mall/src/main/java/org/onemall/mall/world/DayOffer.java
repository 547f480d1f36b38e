package org.onemall.mall.world;

import java.util.Arrays;

/** What all users of a day share: the goods on sale and the rooms on air. Immutable. */
public final class DayOffer {
  public final int index;
  final boolean[] onSale;
  public final GoodsOnSale productsOnSale;
  public final GoodsOnSale videosOnSale;

  /** Rooms on air in block b: {@code rooms[from[b]] ..}, ascending, and what each shows. */
  public final int[] rooms;

  public final int[] onAir;
  public final int[] from = new int[Authors.BLOCKS + 1];

  public DayOffer(World world, LeafRows productsByLeaf, LeafRows videosByLeaf, int index) {
    this.index = index;
    Products products = world.products;
    onSale = new boolean[products.size()];
    double[] weights = new double[products.size()];
    for (int p = 0; p < weights.length; p++) {
      onSale[p] = products.isOnSale(p, index);
      if (onSale[p]) {
        double age = index - products.arrival[p];
        double popularity = products.popularity[p] * (0.5 + StrictMath.exp(-0.03 * age));
        weights[p] = StrictMath.sqrt(popularity * StrictMath.sqrt(popularity));
      }
    }
    long key = world.draws.key(0, index, 0, 0);
    this.productsOnSale = new GoodsOnSale(productsByLeaf, weights, key);
    double[] videoWeights = new double[world.videos.ecom];
    for (int v = 0; v < videoWeights.length; v++) {
      if (world.videos.isShown(v, index) && onSale[world.videos.product[v]]) {
        double age = index - world.videos.arrival[v];
        videoWeights[v] = world.videos.popularity[v] * (0.3 + StrictMath.exp(-0.1 * age));
      }
    }
    this.videosOnSale = new GoodsOnSale(videosByLeaf, videoWeights, key + 1);
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
  public long startMs() {
    return WorldClock.startMs(index);
  }

  public int roomsOnAir(int block) {
    return from[block + 1] - from[block];
  }
}
