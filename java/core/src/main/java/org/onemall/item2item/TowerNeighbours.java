package org.onemall.item2item;

import java.util.Arrays;
import org.onemall.parallel.Parallel;
import org.onemall.tensor.Tensor;

/**
 * For each item the nearest others by cosine, exactly: every vector against every other, tile by
 * tile. A tile of others is laid out by coordinate, so that the inner loop runs along the tile.
 */
final class TowerNeighbours {
  private static final int TILE = 512;

  private TowerNeighbours() {}

  /**
   * The {@code count} nearest of each row.
   *
   * @param vectors FLOAT32 (items, width); a vector of zeros has no neighbours and is nobody's
   * @param among the items that have neighbours and may be some, ascending
   */
  static NeighbourLists best(Tensor vectors, int[] among, int count, int threads) {
    int items = among.length;
    int width = Math.toIntExact(vectors.dim(1));
    float[] unit = unit(vectors, among, width);
    NeighbourLists neighbours = new NeighbourLists(items);
    int tiles = (items + TILE - 1) / TILE;
    Parallel.each(
        threads, tiles, tile -> nearest(unit, items, width, tile * TILE, count, neighbours));
    return neighbours.renumbered(among, Math.toIntExact(vectors.dim(0)));
  }

  private static float[] unit(Tensor vectors, int[] among, int width) {
    float[] unit = new float[Math.multiplyExact(among.length, width)];
    for (int item = 0; item < among.length; item++) {
      System.arraycopy(
          vectors.toFloats((long) among[item] * width, width), 0, unit, item * width, width);
      double squares = 0;
      for (int d = 0; d < width; d++) {
        double value = unit[item * width + d];
        squares += value * value;
      }
      float scale = squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
      for (int d = 0; d < width; d++) {
        unit[item * width + d] *= scale;
      }
    }
    return unit;
  }

  /** Neighbours of the items of one tile, against all tiles. */
  private static void nearest(
      float[] unit, int items, int width, int from, int count, NeighbourLists neighbours) {
    int to = Math.min(items, from + TILE);
    BestItems[] best = new BestItems[to - from];
    Arrays.setAll(best, i -> new BestItems(count));
    float[] tile = new float[TILE * width];
    float[] cosines = new float[TILE];
    for (int start = 0; start < items; start += TILE) {
      int size = Math.min(TILE, items - start);
      for (int j = 0; j < size; j++) {
        for (int d = 0; d < width; d++) {
          tile[d * TILE + j] = unit[(start + j) * width + d];
        }
      }
      for (int item = from; item < to; item++) {
        dots(unit, item * width, width, tile, cosines);
        for (int j = 0; j < size; j++) {
          if (start + j != item && cosines[j] != 0) {
            best[item - from].offer(start + j, cosines[j]);
          }
        }
      }
    }
    for (int item = from; item < to; item++) {
      best[item - from].drainTo(neighbours, item);
    }
  }

  private static void dots(float[] unit, int at, int width, float[] tile, float[] out) {
    Arrays.fill(out, 0);
    for (int d = 0; d < width; d++) {
      float value = unit[at + d];
      for (int j = 0; j < TILE; j++) {
        out[j] += value * tile[d * TILE + j];
      }
    }
  }
}
