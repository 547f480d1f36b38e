package org.onemall.mall.world;

/**
 * One dense id space over products, e-commerce videos, entertainment videos and rooms, shuffled so
 * that an id says nothing.
 */
public final class ItemIds {
  private static final int TABLE = 5;

  /** What an item is, with its number within that kind. */
  public enum Kind {
    PRODUCT,
    ECOM_VIDEO,
    ENTERTAINMENT_VIDEO,
    ROOM
  }

  private final int[] items;
  private final int[] rows;
  private final int[] first;

  ItemIds(WorldParameters parameters, HashRandom draws) {
    first =
        new int[] {
          0,
          parameters.products(),
          parameters.products() + parameters.ecomVideos(),
          parameters.items() - parameters.authors(),
          parameters.items()
        };
    items = new int[parameters.items()];
    for (int i = 0; i < items.length; i++) {
      items[i] = i;
    }
    draws.dice(DrawPurpose.TABLE, TABLE, 0).shuffle(items);
    rows = new int[items.length];
    for (int row = 0; row < rows.length; row++) {
      rows[items[row]] = row;
    }
  }

  public int size() {
    return items.length;
  }

  public int product(int product) {
    return items[product];
  }

  /** Of a video of either kind. */
  public int video(int video) {
    return items[first[1] + video];
  }

  public int room(int author) {
    return items[first[3] + author];
  }

  public Kind kind(int item) {
    int row = rows[item];
    if (row < first[1]) {
      return Kind.PRODUCT;
    }
    if (row < first[2]) {
      return Kind.ECOM_VIDEO;
    }
    return row < first[3] ? Kind.ENTERTAINMENT_VIDEO : Kind.ROOM;
  }

  /** An item's number within its kind. */
  public int number(int item) {
    int kind = 3;
    while (rows[item] < first[kind]) {
      kind--;
    }
    return rows[item] - first[kind];
  }
}
