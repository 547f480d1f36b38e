package org.onemall.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which items and users the page names, and of which items it shows a picture. */
final class Shown {
  /**
   * Items to browse the SID tree with: ids were permuted at random when the source was read, so the
   * first ones are a fair sample.
   */
  static final int BROWSED = 4_000;

  private static final int PICTURED_SAMPLES = 110;
  private static final int FIRST_OF_LIST = 6;

  private final Set<Integer> items = new HashSet<>();
  private final Set<Integer> users = new HashSet<>();
  private final Set<Integer> pictured = new LinkedHashSet<>();

  /** Names all of the sample users' items and pictures the first of each list, in turn. */
  void samples(JsonNode samples) {
    int limit = pictured.size() + PICTURED_SAMPLES;
    for (JsonNode sample : samples) {
      users.add(sample.path("user").asInt());
      for (String list : List.of("history", "recommendations", "truth")) {
        sample.path(list).forEach(item -> items.add(item.asInt()));
      }
    }
    for (int place = 0; place < FIRST_OF_LIST; place++) {
      for (JsonNode sample : samples) {
        for (String list : List.of("recommendations", "truth", "history")) {
          JsonNode item = sample.path(list).path(place);
          if (item.isInt() && pictured.size() < limit) {
            pictured.add(item.asInt());
          }
        }
      }
    }
  }

  /** Names an item. */
  void name(int item) {
    items.add(item);
  }

  /** Names an item and shows its picture. */
  void picture(int item) {
    items.add(item);
    pictured.add(item);
  }

  /** Whether the page names the item. */
  boolean names(int item) {
    return item < BROWSED || items.contains(item);
  }

  boolean namesUser(int user) {
    return users.contains(user);
  }

  boolean pictures(int item) {
    return pictured.contains(item);
  }
}
