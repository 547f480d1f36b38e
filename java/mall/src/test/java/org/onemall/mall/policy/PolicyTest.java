package org.onemall.mall.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.onemall.mall.users.ResponseModel;
import org.onemall.mall.users.Shopper;
import org.onemall.mall.users.UserStates;
import org.onemall.mall.world.DayOffer;
import org.onemall.mall.world.GoodsOnSale;
import org.onemall.mall.world.Taxonomy;
import org.onemall.mall.world.World;
import org.onemall.mall.world.WorldParameters;

class PolicyTest {
  /** Some leaves have more than the 400 goods that a shelf offers the personal policy. */
  private final World world = new World(new WorldParameters(50, 4, 40_000, 500, 200, 300, 5));

  private final DayOffer day = new DayOffer(world, world.products.leaves(), world.videoLeaves(), 2);
  private final Shopper shopper = new Shopper(world);
  private final UserStates states = new UserStates(50);

  @Test
  void aFullLeafOffersItsMostPopularGoodsAndSomeByHash() {
    GoodsOnSale shelf = day.productsOnSale;
    int cut = 0;
    for (int l = 0; l < Taxonomy.LEAVES; l++) {
      int leaf = l;
      List<Integer> offered = new ArrayList<>();
      for (int i = shelf.from[l]; i < shelf.from[l + 1]; i++) {
        offered.add(shelf.personal[i]);
      }
      List<Integer> all =
          Arrays.stream(shelf.goods).filter(g -> world.products.leaf[g] == leaf).boxed().toList();
      if (all.size() <= 400) {
        assertThat(offered).containsExactlyInAnyOrderElementsOf(all);
        continue;
      }
      cut++;
      assertThat(offered).hasSize(400).doesNotHaveDuplicates().isSubsetOf(all);
      List<Integer> popular =
          all.stream()
              .sorted((a, b) -> Float.compare(shelf.popularity[b], shelf.popularity[a]))
              .limit(300)
              .toList();
      assertThat(offered).containsAll(popular);
    }
    assertThat(cut).isPositive();
  }

  @Test
  void probabilitiesOfAllGoodsSumToOne() {
    for (int user = 0; user < 5; user++) {
      shopper.load(user, 2);
      for (GoodsPolicy.Goods kind : List.of(new CardGoods(world), new VideoGoods(world))) {
        GoodsOnSale shelf = kind instanceof CardGoods ? day.productsOnSale : day.videosOnSale;
        GoodsPolicy policy = new GoodsPolicy(world, shopper, kind, shelf, 0.6);
        policy.startUser(shelf);
        for (int last : new int[] {-1, 17, 4_321}) {
          policy.startPage(last, 60_000, user * 20);
          double sum = 0;
          for (int good : shelf.goods) {
            sum += policy.probability(good);
          }
          assertThat(sum).isCloseTo(1, within(1e-5));
        }
      }
    }
  }

  @Test
  void goodsAreDrawnAsOftenAsTheirPropensitySays() {
    shopper.load(3, 2);
    CardGoods kind = new CardGoods(world);
    GoodsPolicy policy = new GoodsPolicy(world, shopper, kind, day.productsOnSale, 0.6);
    policy.startUser(day.productsOnSale);
    Map<Integer, Integer> counts = new HashMap<>();
    int draws = 40_000;
    for (int i = 0; i < draws; i++) {
      policy.startPage(17, 60_000, -1);
      int good = policy.draw(world.draws.key(3, 2, 1, i), 0);
      assertThat(policy.propensity()).isEqualTo(policy.probability(good));
      counts.merge(good, 1, Integer::sum);
    }
    counts.forEach((good, count) -> {
      double expected = draws * policy.probability(good);
      if (expected > 50) {
        assertThat((count - expected) / Math.sqrt(expected)).isBetween(-4.5, 4.5);
      }
    });
    assertThat(counts.values().stream().filter(n -> n > 50).count()).isGreaterThan(10);
  }

  @Test
  void laterSlotsRepeatNothingAndTheirPropensitiesKnowIt() {
    shopper.load(4, 2);
    CardGoods kind = new CardGoods(world);
    GoodsPolicy policy = new GoodsPolicy(world, shopper, kind, day.productsOnSale, 0.6);
    policy.startUser(day.productsOnSale);
    policy.startPage(17, 60_000, -1);
    double shown = 0;
    List<Integer> page = new ArrayList<>();
    for (int slot = 0; slot < 6; slot++) {
      int good = policy.draw(world.draws.key(4, 2, 1, 1), slot);
      double pi = policy.probability(good);
      assertThat(policy.propensity()).isCloseTo(pi / (1 - shown), within(1e-12));
      shown += pi;
      page.add(good);
    }
    assertThat(page).doesNotHaveDuplicates();
  }

  @Test
  void probabilitiesOfAllRoomsOnAirSumToOne() {
    shopper.load(5, 2);
    ResponseModel response = new ResponseModel(world, shopper, states);
    RoomPolicy policy = new RoomPolicy(world, shopper, response, day, 0.6);
    policy.startUser(day);
    int block = 20 * 12;
    policy.startPage(block, 17);
    double sum = 0;
    for (int i = 0; i < day.roomsOnAir(block); i++) {
      sum += policy.probability(i);
    }
    assertThat(day.roomsOnAir(block)).isGreaterThan(8);
    assertThat(sum).isCloseTo(1, within(1e-9));
  }
}
