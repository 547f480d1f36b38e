package org.onemall.mall.tables;

import org.onemall.mall.policy.DayRows;
import org.onemall.mall.users.ResponseModel;
import org.onemall.mall.world.World;
import org.onemall.shop.Behavior;
import org.onemall.shop.Scenario;

/** What happened against what was to be expected, by scenario; entertainment apart. */
public final class ScenarioTotals {
  static final int ENTERTAINMENT = Scenario.values().length;
  private static final int KINDS = ENTERTAINMENT + 1;

  final long[] exposures = new long[KINDS];
  final long[] clicks = new long[KINDS];
  final long[] longViews = new long[KINDS];
  final long[] carts = new long[KINDS];
  final long[] orders = new long[KINDS];
  final double[] amount = new double[KINDS];

  /** Σ of the probabilities and of their variances. */
  final double[] expectedClicks = new double[KINDS];

  final double[] clickVariance = new double[KINDS];
  final double[] expectedOrders = new double[KINDS];
  final double[] orderVariance = new double[KINDS];
  final double[] expectedAmount = new double[KINDS];
  final long[] wanted = new long[KINDS];
  final long[] wantedClicks = new long[KINDS];
  long requests;

  void request() {
    requests++;
  }

  void row(World world, DayRows rows, int request, int row) {
    int item = rows.product[row];
    int kind = item < 0 ? ENTERTAINMENT : rows.scenario[request];
    int mask = rows.behaviors[row];
    boolean click = (mask & Behavior.CLICK.bit()) != 0;
    exposures[kind]++;
    clicks[kind] += click ? 1 : 0;
    longViews[kind] += (mask & Behavior.LONG_VIEW.bit()) == 0 ? 0 : 1;
    carts[kind] += (mask & Behavior.CART.bit()) == 0 ? 0 : 1;
    orders[kind] += (mask & Behavior.BUY.bit()) == 0 ? 0 : 1;
    amount[kind] += rows.amount[row];
    if (item >= 0) {
      double p = rows.pClick[row];
      double q = p * rows.pBuy[row];
      int product = world.ids.number(item);
      expectedClicks[kind] += p;
      clickVariance[kind] += p * (1 - p);
      expectedOrders[kind] += q;
      orderVariance[kind] += q * (1 - q);
      expectedAmount[kind] += q * ResponseModel.expectedPayment(world, product);
      if (world.products.leaf[product] == rows.intentLeaf[request]) {
        wanted[kind]++;
        wantedClicks[kind] += click ? 1 : 0;
      }
    }
  }

  /** (realised - expected) / standard deviation of the clicks. */
  double clickZ(int kind) {
    return (clicks[kind] - expectedClicks[kind]) / Math.sqrt(clickVariance[kind]);
  }

  /** As {@link #clickZ}, of the orders. */
  double orderZ(int kind) {
    return (orders[kind] - expectedOrders[kind]) / Math.sqrt(orderVariance[kind]);
  }
}
