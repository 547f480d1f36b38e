package org.onemall.sample;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.onemall.sample.RandomLog.Event;
import org.onemall.sample.RandomLog.Scored;
import org.onemall.semanticid.SidLookup;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;

/**
 * The oracle: what the assembler must put into a batch, written with objects and maps, straight
 * from the definition and without any of its code.
 */
final class NaiveAssembler {
  private final RandomLog log;
  private final SampleConfig config;
  private final SidLookup sids;
  private final int levels;
  private final int neighboursPerItem;

  NaiveAssembler(
      RandomLog log, SampleConfig config, SidLookup sids, int levels, int neighboursPerItem) {
    this.log = log;
    this.config = config;
    this.sids = sids;
    this.levels = levels;
    this.neighboursPerItem = neighboursPerItem;
  }

  /** One token of a history. */
  record Token(
      int item, String sid, int product, boolean offered, float age, float times, float span) {}

  List<Event> targets(int request) {
    return log.events().stream()
        .filter(e -> e.request() == request)
        .filter(e -> (e.behaviors() & config.targetBehavior().bit()) != 0)
        .filter(e -> RandomLog.offered(e.item(), e.timeMs()))
        .toList();
  }

  private List<Event> earlier(int request) {
    int user = event(request).user();
    return log.events().stream().filter(e -> e.user() == user && e.request() < request).toList();
  }

  Event event(int request) {
    return log.events().stream().filter(e -> e.request() == request).findFirst().orElseThrow();
  }

  /** The requests that have targets and, outside the training period, a history. */
  List<Integer> requests() {
    return log.events().stream()
        .map(Event::request)
        .distinct()
        .sorted()
        .filter(r -> !targets(r).isEmpty())
        .filter(r -> event(r).timeMs() < log.periods().validationFromMs() || !earlier(r).isEmpty())
        .toList();
  }

  private String sid(int item, long timeMs) {
    int[] codes = new int[levels];
    if (item < 0) {
      java.util.Arrays.fill(codes, -1);
      return java.util.Arrays.toString(codes);
    }
    sids.codes(item, timeMs, codes);
    return java.util.Arrays.toString(codes);
  }

  List<Token> tokens(int request, Behavior behavior) {
    List<Event> history = earlier(request);
    List<Integer> requests = history.stream().map(Event::request).distinct().sorted().toList();
    Map<Integer, List<Event>> byItem = new LinkedHashMap<>();
    long now = event(request).timeMs();
    for (Event event : history.reversed()) {
      if ((event.behaviors() & behavior.bit()) != 0 && seen(event) < now) {
        if (!byItem.containsKey(event.item()) && byItem.size() == config.historyLength(behavior)) {
          break;
        }
        byItem.computeIfAbsent(event.item(), i -> new ArrayList<>()).add(event);
      }
    }
    return byItem.values().stream()
        .map(List::getFirst)
        .map(e ->
            new Token(
                e.item(),
                sid(RandomLog.hasSid(e.item()) ? e.item() : product(e), seen(e)),
                product(e),
                RandomLog.offered(e.item(), now),
                requests.size() - 1 - requests.indexOf(e.request()),
                byItem.getOrDefault(e.item(), List.of()).size(),
                (float) ((now - seen(e)) / unit())))
        .toList();
  }

  private double unit() {
    return config.ageUnit() == AgeUnit.MINUTES ? 60_000 : Periods.DAY_MS;
  }

  private static long seen(Event event) {
    return event.timeMs() + Math.max(0, event.delay());
  }

  private static int product(Event event) {
    return event.product() == event.item() ? -1 : event.product();
  }

  List<Scored> neighbours(int request) {
    int snapshot = snapshot(request);
    if (snapshot < 0) {
      return List.of();
    }
    List<Token> tokens = tokens(request, config.targetBehavior());
    Map<Integer, List<Scored>> table = log.neighbours(snapshot, neighboursPerItem);
    Map<Integer, Float> sums = new LinkedHashMap<>();
    for (Token token : tokens.stream().limit(config.neighbourItems()).toList()) {
      float weight = (float) StrictMath.pow(config.recencyDecay(), token.age());
      for (Scored scored : table.getOrDefault(token.item(), List.of())) {
        sums.merge(scored.item(), weight * scored.score(), Float::sum);
      }
    }
    tokens.forEach(token -> sums.remove(token.item()));
    long now = event(request).timeMs();
    return sums.entrySet().stream()
        .filter(e -> RandomLog.offered(e.getKey(), now))
        .map(e -> new Scored(e.getKey(), e.getValue()))
        .sorted(
            Comparator.comparingDouble((Scored scored) -> -scored.score())
                .thenComparingInt(Scored::item))
        .limit(config.neighbours())
        .toList();
  }

  /** The latest snapshot that the period of a request allows. */
  int snapshot(int request) {
    Periods periods = log.periods();
    long now = event(request).timeMs();
    long at =
        now >= periods.testFromMs()
            ? periods.testFromMs()
            : now >= periods.validationFromMs() ? periods.validationFromMs() : now;
    return (int) periods.snapshotsMs().stream().filter(s -> s <= at).count() - 1;
  }

  float[] request(int request) {
    List<Event> history = earlier(request);
    var requests = new LinkedHashSet<Integer>();
    history.forEach(e -> requests.add(e.request()));
    if (history.isEmpty()) {
      return new float[4];
    }
    long now = event(request).timeMs();
    long first = history.getFirst().timeMs();
    long last = history.getLast().timeMs();
    return new float[] {
      (float) StrictMath.log1p(requests.size()),
      (float) StrictMath.log1p(history.size() / (double) requests.size()),
      (float) StrictMath.log1p((now - last) / unit()),
      (float) StrictMath.log1p((last - first) / unit())
    };
  }

  /** Count of the target behavior before a request's snapshot. */
  float total(int request, int item) {
    int snapshot = snapshot(request);
    return snapshot < 0
        ? 0
        : log.events().stream()
            .filter(e -> e.item() == item)
            .filter(e -> (e.behaviors() & config.targetBehavior().bit()) != 0)
            .filter(e -> e.timeMs() < log.periods().snapshotsMs().get(snapshot))
            .count();
  }
}
