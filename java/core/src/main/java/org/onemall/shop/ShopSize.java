package org.onemall.shop;

import java.util.Arrays;
import java.util.Map;

/**
 * How large a shop is, as ingest found it: what settings that are {@code auto} follow from.
 *
 * @param items of each scenario that has some
 * @param users with events
 * @param events clicks, or all of a log's events
 * @param requests with events
 * @param trainRequests those before validation
 * @param testRequests those of the test period
 * @param days from the first event to the last; 0 where that isn't known yet
 */
public record ShopSize(
    Map<Scenario, Integer> items,
    long users,
    long events,
    long requests,
    long trainRequests,
    long testRequests,
    double days) {
  /** What is taken before anything was read, so that a plan can be shown. */
  public static final ShopSize UNKNOWN =
      new ShopSize(Map.of(Scenario.PRODUCT_CARD, 4000), 4000, 400_000, 20_000, 15_000, 2_500, 0);

  public ShopSize {
    items = Map.copyOf(items);
    if (items.isEmpty() || users < 1 || events < 1 || requests < 1) {
      throw new IllegalArgumentException(
          "shop size: expected items, users, events and requests, found %s, %d, %d, %d"
              .formatted(items, users, events, requests));
    }
  }

  /** Items of all scenarios. */
  public int allItems() {
    return items.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Items of the scenario that has most. */
  public int mostItems() {
    return items.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
  }

  /** Items of a scenario, 0 for none. */
  public int items(Scenario scenario) {
    Integer count = items.get(scenario);
    return count == null ? 0 : count;
  }

  /** Events of a user, on average. */
  public double eventsPerUser() {
    return (double) events / users;
  }

  /** Events of a request, on average. */
  public double eventsPerRequest() {
    return (double) events / requests;
  }

  /** Events before validation, about. */
  public double trainEvents() {
    return Math.max(1, eventsPerRequest() * trainRequests);
  }

  /**
   * The power of two at or below {@code value}, but not less than {@code least} or above {@code
   * most}.
   */
  public static int power(double value, int least, int most) {
    int floor = Integer.highestOneBit((int) Math.clamp(value, 1, 1 << 30));
    return Math.clamp(floor, least, most);
  }

  /**
   * {@code value} with two significant digits, but not less than {@code least} or above {@code
   * most}.
   */
  public static int rounded(double value, int least, int most) {
    double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1));
    return (int) Math.clamp(Math.round(value / unit) * unit, least, most);
  }

  /** Of rising numbers the largest below {@code limit}; the first in any case. */
  public static int largest(double limit, int... rising) {
    return Arrays.stream(rising).filter(each -> each < limit).max().orElse(rising[0]);
  }

  /** Of rising numbers those below {@code limit}, the first in any case; as a config has them. */
  public static String below(double limit, int... rising) {
    return Arrays.toString(
        Arrays.stream(rising).filter(each -> each < limit || each == rising[0]).toArray());
  }
}
