package org.onemall.represent;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.RoomStates;
import org.onemall.shop.Scenario;

/**
 * The live tower's own numbers for rooms and products, and the states of rooms that it can see:
 * those that sell at least one product card.
 */
final class Rooms {
  private final CatalogueItems items;
  private final RoomStates states;
  private final int[] rooms;
  private final int[] products;

  /** Of each item: its own number as a product, or -1. */
  private final int[] productOf;

  private final int[] visible;
  private final Map<String, Integer> reasons = new TreeMap<>();

  /**
   * Looks through the states.
   *
   * @param most products of a state that count, from the presented one on
   */
  Rooms(CatalogueItems items, RoomStates states, int most) {
    this.items = items;
    this.states = states;
    productOf = new int[items.size()];
    IntArrayList cards = new IntArrayList();
    IntArrayList live = new IntArrayList();
    for (int item = 0; item < items.size(); item++) {
      productOf[item] = items.isProduct(item) ? cards.size() : -1;
      if (items.isProduct(item)) {
        cards.add(item);
      } else if (items.scenario(item) == Scenario.LIVE_STREAMING) {
        live.add(item);
      }
    }
    products = cards.toIntArray();
    rooms = live.toIntArray();
    visible = visible(most);
  }

  private int[] visible(int most) {
    IntArrayList rows = new IntArrayList();
    boolean[] seen = new boolean[rooms.length];
    for (int row = 0; row < states.rows(); row++) {
      int room = Arrays.binarySearch(rooms, states.item(row));
      int known = 0;
      for (int i = 0; i < states.count(row); i++) {
        known += product(states.product(row, i)) >= 0 ? 1 : 0;
      }
      count("product_of_room_is_no_product_card", states.count(row) - known);
      if (room < 0) {
        count("state_of_an_item_that_is_no_room", 1);
      } else if (known > 0) {
        rows.add(row);
        seen[room] = true;
        count("state_with_more_products_than_represent_live_products", known > most ? 1 : 0);
      } else {
        count("state_without_product_card", states.count(row) > 0 ? 1 : 0);
      }
    }
    for (boolean once : seen) {
      count("room_never_on_air", once ? 0 : 1);
    }
    return rows.toIntArray();
  }

  private void count(String reason, int times) {
    if (times > 0) {
      reasons.merge(reason, times, Integer::sum);
    }
  }

  /** How many rooms, from number 0 on, were there before a moment of the split; 1 for none. */
  int before(long splitMs) {
    int known = 0;
    while (known < rooms.length && items.firstSeenMs(rooms[known]) < splitMs) {
      known++;
    }
    return Math.max(1, known);
  }

  /** The number of the room that an item is; negative where it is none. */
  int room(int item) {
    return Arrays.binarySearch(rooms, item);
  }

  /** The items that are products, in the order of their numbers. */
  int[] products() {
    return products.clone();
  }

  /** The number of the product that an item is; -1 where it is none. */
  int product(int item) {
    return item >= 0 && item < productOf.length ? productOf[item] : -1;
  }

  RoomStates states() {
    return states;
  }

  /** Rows of the states that the tower can see, ascending. */
  int[] visible() {
    return visible.clone();
  }

  /** Whether the tower can see a state. */
  boolean isVisible(int row) {
    return Arrays.binarySearch(visible, row) >= 0;
  }

  /** Fills the numbers of a state's products, the presented one first, and -1 behind them. */
  void fill(int row, int[] out) {
    int found = 0;
    for (int i = 0; i < states.count(row) && found < out.length; i++) {
      int product = product(states.product(row, i));
      if (product >= 0) {
        out[found++] = product;
      }
    }
    Arrays.fill(out, found, out.length, -1);
  }

  /** What was counted on the way. */
  Map<String, Integer> reasons() {
    return Map.copyOf(reasons);
  }
}
