package org.onemall.item2item;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.longs.Long2IntMap;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.onemall.shop.Behavior;
import org.onemall.shop.InteractionReader;

/**
 * The watching relation (PAPER section 2): a user watches an entertainment video for long, and one
 * to five minutes after its end clicks a product. Each click is paired with the latest such video.
 * Most of these pairs are accidents, so categories that sell nothing are left out, and frequent
 * products and heavy users count less: of what a user clicked, and of what clicks a product had,
 * only a seeded sample. Holds one user's events and the pairs of all, nothing else. Mutable.
 */
public final class Watching {
  private final ItemKinds kinds;
  private final WatchingConfig config;
  private final long seed;
  private final WatchingEvidence evidence;
  private final Videos all = new Videos();
  private final Videos wanted = new Videos();
  private final Clicks clicks = new Clicks();
  private final Clicks paired = new Clicks();
  private final IntArrayList videos = new IntArrayList();
  private final LongArrayList sinceEnd = new LongArrayList();
  private int firstOfUser;

  private Watching(ItemKinds kinds, WatchingConfig config, long seed, WatchingEvidence evidence) {
    this.kinds = kinds;
    this.config = config;
    this.seed = seed;
    this.evidence = evidence;
  }

  /**
   * For each entertainment video the products clicked after it, by how often.
   *
   * @param count products kept for a video
   * @param seed of the samples
   * @param evidence gets what each click was paired with; stays the caller's
   */
  public static NeighbourLists best(
      KnownEvents events, WatchingConfig config, int count, long seed, WatchingEvidence evidence)
      throws IOException {
    Watching watching = new Watching(events.kinds(), config, seed, evidence);
    try (InteractionReader reader =
        new InteractionReader(events.interactions(), events.allocator())) {
      int user = -1;
      while (reader.next()) {
        if (reader.user() != user) {
          watching.pair(user);
          user = reader.user();
        }
        if (reader.timeMs() < events.before()) {
          watching.add(reader);
        }
      }
      watching.pair(user);
    }
    return watching.best(count);
  }

  private void add(InteractionReader row) {
    int item = row.item();
    if (kinds.isEntertainment(item)) {
      if (row.did(Behavior.LONG_VIEW)) {
        long end = row.seenMs() + row.watchMs();
        all.add(item, end);
        if (!isExcluded(item)) {
          wanted.add(item, end);
        }
      }
    } else if (row.did(Behavior.CLICK) && config.clicked().contains(kinds.scenario(item))) {
      int product = row.product() >= 0 ? row.product() : kinds.isProduct(item) ? item : -1;
      if (product >= 0) {
        clicks.add(row.request(), row.position(), product, row.seenMs());
      }
    }
  }

  private boolean isExcluded(int video) {
    String category = kinds.category(video);
    return category != null && config.excludedCategories().contains(category);
  }

  /** Pairs what was added of a user, then forgets it. */
  private void pair(int user) throws IOException {
    all.sort();
    wanted.sort();
    for (int click = 0; click < clicks.size(); click++) {
      long moment = clicks.moment.getLong(click);
      int latest = all.latest(moment);
      if (latest < 0) {
        evidence.addAlone(
            clicks.request.getInt(click),
            clicks.position.getInt(click),
            clicks.product.getInt(click));
      } else {
        evidence(WatchingRule.NONE, click, all, latest);
      }
      evidence(WatchingRule.WINDOW, click, all, inWindow(all, moment));
      evidence(WatchingRule.CATEGORY, click, wanted, wanted.latest(moment));
      int found = inWindow(wanted, moment);
      evidence(WatchingRule.WINDOW_CATEGORY, click, wanted, found);
      if (found >= 0) {
        paired.add(clicks, click);
        videos.add(wanted.item(found));
        sinceEnd.add(moment - wanted.end(found));
      }
    }
    sampleUser(user);
    all.clear();
    wanted.clear();
    clicks.clear();
  }

  private int inWindow(Videos of, long moment) {
    int latest = of.latest(moment - Math.round(1000 * config.fromSeconds()));
    boolean recent =
        latest >= 0 && of.end(latest) >= moment - Math.round(1000 * config.toSeconds());
    return recent ? latest : -1;
  }

  private void evidence(WatchingRule rule, int click, Videos of, int video) throws IOException {
    if (video >= 0) {
      evidence.add(
          rule,
          clicks.request.getInt(click),
          clicks.position.getInt(click),
          clicks.product.getInt(click),
          of.item(video),
          clicks.moment.getLong(click) - of.end(video));
    }
  }

  /** Leaves at most so many of the user's pairs. */
  private void sampleUser(int user) {
    int[] places = new int[paired.size() - firstOfUser];
    Arrays.setAll(places, i -> firstOfUser + i);
    int size = firstOfUser;
    for (int place : Sample.of(places, config.userPairs(), seed, user)) {
      paired.move(place, size);
      videos.set(size, videos.getInt(place));
      sinceEnd.set(size, sinceEnd.getLong(place));
      size++;
    }
    paired.truncate(size);
    videos.size(size);
    sinceEnd.size(size);
    firstOfUser = size;
  }

  private NeighbourLists best(int count) throws IOException {
    int[] clicksOf = new int[kinds.items()];
    for (int pair = 0; pair < paired.size(); pair++) {
      clicksOf[paired.product.getInt(pair)]++;
    }
    Long2IntOpenHashMap counts = new Long2IntOpenHashMap();
    for (int pair = 0; pair < paired.size(); pair++) {
      int request = paired.request.getInt(pair);
      int position = paired.position.getInt(pair);
      int product = paired.product.getInt(pair);
      double kept = Math.sqrt((double) config.productPairs() / clicksOf[product]);
      if (Sample.unit(~seed, ((long) request << 32) | position) < kept) {
        int video = videos.getInt(pair);
        evidence.add(WatchingRule.KEPT, request, position, product, video, sinceEnd.getLong(pair));
        counts.addTo(((long) video << 32) | product, 1);
      }
    }
    BestItems[] best = new BestItems[kinds.items()];
    Arrays.setAll(best, item -> new BestItems(count));
    for (Long2IntMap.Entry entry : counts.long2IntEntrySet()) {
      best[(int) (entry.getLongKey() >> 32)].offer((int) entry.getLongKey(), entry.getIntValue());
    }
    NeighbourLists neighbours = new NeighbourLists(best.length);
    for (int item = 0; item < best.length; item++) {
      best[item].drainTo(neighbours, item);
    }
    return neighbours;
  }

  /** Videos that one user watched for long, by when they ended. */
  private static final class Videos {
    private final IntArrayList items = new IntArrayList();
    private final LongArrayList ends = new LongArrayList();
    private int[] order = {};

    void add(int item, long end) {
      items.add(item);
      ends.add(end);
    }

    void sort() {
      order = new int[items.size()];
      Arrays.setAll(order, i -> i);
      IntArrays.stableSort(order, (a, b) -> Long.compare(ends.getLong(a), ends.getLong(b)));
    }

    /** The last place whose video ended by then; -1 for none. */
    int latest(long by) {
      int low = 0;
      int high = order.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (end(middle) <= by) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low - 1;
    }

    int item(int place) {
      return items.getInt(order[place]);
    }

    long end(int place) {
      return ends.getLong(order[place]);
    }

    void clear() {
      items.clear();
      ends.clear();
    }
  }

  /** Clicks on products. */
  private static final class Clicks {
    final IntArrayList request = new IntArrayList();
    final IntArrayList position = new IntArrayList();
    final IntArrayList product = new IntArrayList();
    final LongArrayList moment = new LongArrayList();

    int size() {
      return request.size();
    }

    void add(int request, int position, int product, long moment) {
      this.request.add(request);
      this.position.add(position);
      this.product.add(product);
      this.moment.add(moment);
    }

    void add(Clicks from, int click) {
      add(
          from.request.getInt(click),
          from.position.getInt(click),
          from.product.getInt(click),
          from.moment.getLong(click));
    }

    void move(int from, int to) {
      for (IntArrayList column : List.of(request, position, product)) {
        column.set(to, column.getInt(from));
      }
      moment.set(to, moment.getLong(from));
    }

    void truncate(int size) {
      for (IntArrayList column : List.of(request, position, product)) {
        column.size(size);
      }
      moment.size(size);
    }

    void clear() {
      truncate(0);
    }
  }
}
