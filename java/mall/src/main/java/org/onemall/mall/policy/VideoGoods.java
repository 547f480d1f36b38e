package org.onemall.mall.policy;

import org.onemall.mall.world.World;

/** E-commerce videos as what a feed's policy shows. */
public record VideoGoods(World world) implements GoodsPolicy.Goods {
  @Override
  public int product(int good) {
    return world.videos.product[good];
  }

  @Override
  public double extra(int good) {
    return 0.45 * world.videos.bait(good, world.products) + 0.4 * world.videos.quality[good];
  }

  @Override
  public int item(int good) {
    return world.ids.video(good);
  }

  @Override
  public int noise(int good) {
    return -1 - good;
  }
}
