package org.onemall.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.onemall.order.JudgedRequest;

/**
 * The slices of the test period whose targets are counted apart. Each target is in one slice of
 * each kind: by the length of its user's history, by whether its user was known before the test
 * period, by how popular the item was then, and by when it was taken.
 *
 * <p>Popular: the {@code head} are the fewest items that drew half of all that was taken before the
 * test period, the {@code torso} those up to nine tenths, the {@code tail} the rest; {@code new}
 * items nobody had taken yet. Equally popular items go by their id.
 */
final class Slices {
  /** One slice: {@code by} is its kind. */
  record Slice(String by, String name) {}

  static final long DAY_MS = 86_400_000L;

  /** Up to so many days are told apart, else weeks. */
  private static final int MOST_DAYS = 14;

  private static final double HEAD = .5;
  private static final double TORSO = .9;

  /** Least lengths of the slices by history. */
  private static final int[] LENGTHS = {0, 1, 5, 20, 100};

  private static final List<String> LENGTH_NAMES = List.of("0", "1-4", "5-19", "20-99", "100+");
  private static final List<String> POPULARITY = List.of("head", "torso", "tail", "new");
  private static final List<String> USERS = List.of("known", "new");

  private final List<Slice> slices = new ArrayList<>();
  private final Background background;
  private final byte[] popularity;
  private final long firstMs;
  private final long unitMs;

  Slices(Background background, List<JudgedRequest> requests) {
    this.background = background;
    popularity = popularity(background);
    firstMs = requests.stream().mapToLong(JudgedRequest::timeMs).min().orElse(0);
    long lastMs = requests.stream().mapToLong(JudgedRequest::timeMs).max().orElse(0);
    boolean days = lastMs - firstMs < MOST_DAYS * DAY_MS;
    unitMs = days ? DAY_MS : 7 * DAY_MS;
    LENGTH_NAMES.forEach(name -> slices.add(new Slice("history", name)));
    USERS.forEach(name -> slices.add(new Slice("user", name)));
    POPULARITY.forEach(name -> slices.add(new Slice("item", name)));
    for (int unit = 0; unit <= (lastMs - firstMs) / unitMs; unit++) {
      slices.add(new Slice(days ? "day" : "week", String.valueOf(unit + 1)));
    }
  }

  /** Place in {@link #POPULARITY} by item. */
  private static byte[] popularity(Background background) {
    byte[] places = new byte[background.items()];
    int[] taken = background.taken();
    int[] byFall =
        Arrays.stream(background.candidates())
            .boxed()
            .sorted((a, b) -> taken[a] != taken[b] ? taken[b] - taken[a] : a - b)
            .mapToInt(Integer::intValue)
            .toArray();
    double all = background.takenInAll();
    long before = 0;
    for (int item : byFall) {
      int place = before < HEAD * all ? 0 : before < TORSO * all ? 1 : 2;
      places[item] = (byte) (taken[item] == 0 ? 3 : place);
      before += taken[item];
    }
    return places;
  }

  List<Slice> all() {
    return slices;
  }

  /** Places of the slices of a request, in {@link #all}: by history, user and time. */
  int[] ofRequest(JudgedRequest request) {
    int length = 0;
    while (length + 1 < LENGTHS.length && request.history().length >= LENGTHS[length + 1]) {
      length++;
    }
    int user = LENGTHS.length + (background.knownUser().test(request.user()) ? 0 : 1);
    int unit = Math.toIntExact((request.timeMs() - firstMs) / unitMs);
    return new int[] {length, user, LENGTHS.length + USERS.size() + POPULARITY.size() + unit};
  }

  /** Place of the slice of an item. */
  int ofItem(int item) {
    return LENGTHS.length + USERS.size() + popularity[item];
  }
}
