package org.onemall.mall.policy;

import org.onemall.mall.world.World;

/** Products as what a card policy shows. */
public record CardGoods(World world) implements GoodsPolicy.Goods {
  @Override
  public int product(int good) {
    return good;
  }

  @Override
  public double extra(int good) {
    return 0.45 * world.products.bait[good];
  }

  @Override
  public int item(int good) {
    return world.ids.product(good);
  }

  @Override
  public int noise(int good) {
    return good;
  }
}
