package org.onemall.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.onemall.offer.Offered;
import org.onemall.order.JudgedRequest;

class RankingTest {
  private static final List<Integer> HITS = List.of(1, 2, 4);
  private static final List<Integer> NDCG = List.of(3);
  private final Metrics metrics = new Metrics(HITS, NDCG);

  /** Every order that breaks the ties of a small list, one by one. */
  @Test
  void equalsTheMeanOverEveryWayToBreakTies() {
    for (long seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int items = 6;
      int[] sids = random.ints(items, 0, 4).toArray();
      JudgedRequest request = randomCase(random, items);
      float[] scores = new float[items];
      for (int i = 0; i < items; i++) {
        scores[i] = random.nextInt(6) == 0 ? Float.NEGATIVE_INFINITY : (float) random.nextInt(3);
      }
      double[] expected = new double[metrics.size()];
      List<int[]> orders = new ArrayList<>();
      permute(new int[items], 0, new boolean[items], orders);
      for (int[] tieBreak : orders) {
        List<Integer> ranked =
            IntStream.range(0, items)
                .filter(item -> scores[item] > Float.NEGATIVE_INFINITY)
                .boxed()
                .sorted((a, b) ->
                    scores[a] != scores[b]
                        ? Float.compare(scores[b], scores[a])
                        : tieBreak[a] - tieBreak[b])
                .toList();
        addItemMetrics(ranked, items, request, expected, orders.size());
      }
      double[] values = new double[metrics.size()];
      new Ranking(metrics, items)
          .measure(
              null,
              scores,
              items,
              request,
              Everything.with(sids),
              values,
              new double[metrics.size()]);
      for (String name : metrics.names()) {
        if (!name.startsWith("sid_")) {
          int place = metrics.names().indexOf(name);
          assertThat(values[place])
              .as("seed %d, %s", seed, name)
              .isCloseTo(expected[place], within(1e-9));
        }
      }
    }
  }

  /** Per SID: the same figures on a list of SIDs, each with its best item's score. */
  @Test
  void ranksSidsByTheirBestItem() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int items = 30;
      int[] sids = random.ints(items, 0, 12).toArray();
      JudgedRequest request = randomCase(random, items);
      float[] scores = new float[items];
      for (int i = 0; i < items; i++) {
        scores[i] = random.nextInt(8);
      }
      double[] values = new double[metrics.size()];
      new Ranking(metrics, items)
          .measure(
              null,
              scores,
              items,
              request,
              Everything.with(sids),
              values,
              new double[metrics.size()]);
      float[] best = new float[12];
      Arrays.fill(best, Float.NEGATIVE_INFINITY);
      for (int i = 0; i < items; i++) {
        best[sids[i]] = Math.max(best[sids[i]], scores[i]);
      }
      for (int k = 0; k < HITS.size(); k++) {
        double sum = 0;
        for (int target : request.targets()) {
          sum += naiveHit(best, sids[target], HITS.get(k));
        }
        assertThat(values[metrics.hit(Metrics.Kind.SID, k)])
            .as("seed %d", seed)
            .isCloseTo(sum, within(1e-9));
      }
    }
  }

  /** Counting above and at each target, for long lists with and without ties. */
  @Test
  void equalsCountingOnLongLists() {
    for (long seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int items = 300;
      int[] sids = IntStream.range(0, items).toArray();
      JudgedRequest request = randomCase(random, items);
      boolean ties = random.nextBoolean();
      float[] scores = new float[items];
      for (int i = 0; i < items; i++) {
        scores[i] = ties ? random.nextInt(20) - 10 : (float) random.nextDouble(-1, 1);
      }
      double[] values = new double[metrics.size()];
      double[] totals = new double[metrics.size()];
      new Ranking(metrics, items)
          .measure(null, scores, items, request, Everything.with(sids), values, totals);
      for (int k = 0; k < HITS.size(); k++) {
        int cutoff = HITS.get(k);
        double sum = 0;
        for (int target : request.targets()) {
          sum += naiveHit(scores, target, cutoff);
        }
        assertThat(values[metrics.hit(Metrics.Kind.ALL, k)])
            .as("seed %d", seed)
            .isCloseTo(sum, within(1e-9));
        assertThat(values[metrics.hit(Metrics.Kind.SID, k)])
            .as("one item a SID, seed %d", seed)
            .isCloseTo(sum, within(1e-9));
        assertThat(totals[metrics.hit(Metrics.Kind.ALL, k)]).isEqualTo(request.targets().length);
      }
    }
  }

  @Test
  void aTargetThatIsNoCandidateIsAMiss() {
    JudgedRequest request = new JudgedRequest(0, 0, 0, new int[] {1}, new int[] {1, 3});
    double[] values = new double[metrics.size()];
    double[] totals = new double[metrics.size()];
    Offered offered = Everything.with(0, 1, 2, 3);
    new Ranking(metrics, 4)
        .measure(new int[] {0, 1}, new float[] {2, 1}, 2, request, offered, values, totals);
    assertThat(values[metrics.percentile()])
        .as("second of four, and anywhere in the last two")
        .isCloseTo((1 - 1 / 3.0) + (1 - 2.5 / 3), within(1e-12));
    assertThat(values[metrics.hit(Metrics.Kind.ALL, 1)]).isEqualTo(1);
    assertThat(values[metrics.hit(Metrics.Kind.NEW, 2)]).isZero();
    assertThat(totals[metrics.hit(Metrics.Kind.NEW, 2)]).isEqualTo(1);
    assertThat(values[metrics.hit(Metrics.Kind.HISTORY_SHELF, 0)]).isEqualTo(1);
    assertThat(values[metrics.ndcg(false, 0)])
        .isCloseTo((Math.log(2) / Math.log(3)) / (1 + Math.log(2) / Math.log(3)), within(1e-12));
  }

  @Test
  void aConstantScoreIsChance() {
    JudgedRequest request = new JudgedRequest(0, 0, 0, new int[0], new int[] {7});
    double[] values = new double[metrics.size()];
    int[] sids = IntStream.range(0, 40).toArray();
    new Ranking(metrics, 40)
        .measure(
            null,
            new float[40],
            40,
            request,
            Everything.with(sids),
            values,
            new double[metrics.size()]);
    assertThat(values[metrics.percentile()]).isCloseTo(0.5, within(1e-12));
    assertThat(values[metrics.hit(Metrics.Kind.ALL, 2)]).isCloseTo(4 / 40.0, within(1e-12));
  }

  @Test
  void refusesNan() {
    JudgedRequest request = new JudgedRequest(0, 0, 0, new int[0], new int[] {0});
    Ranking ranking = new Ranking(metrics, 2);
    assertThatThrownBy(() ->
            ranking.measure(
                null,
                new float[] {1, Float.NaN},
                2,
                request,
                Everything.with(0, 1),
                new double[metrics.size()],
                new double[metrics.size()]))
        .hasMessageContaining("item 1 is NaN");
  }

  @Test
  void refusesAScoreOfWhatIsNotOffered() {
    JudgedRequest request = new JudgedRequest(0, 0, 0, new int[0], new int[] {0});
    Ranking ranking = new Ranking(metrics, 3);
    double[] values = new double[metrics.size()];
    double[] totals = new double[metrics.size()];
    float[] scores = {1, 2, Float.NEGATIVE_INFINITY};
    assertThatThrownBy(() ->
            ranking.measure(null, scores, 3, request, Everything.with(0, -1, -1), values, totals))
        .hasMessageContaining("item 1 has a score");
    assertThatThrownBy(() ->
            ranking.measure(null, scores, 3, request, Everything.with(-1, 0, 1), values, totals))
        .hasMessageContaining("item 0 has a score, or is a target");
    scores[1] = Float.NEGATIVE_INFINITY;
    ranking.measure(null, scores, 3, request, Everything.with(5, -1, -1), values, totals);
    assertThat(values[metrics.hit(Metrics.Kind.SID, 0)]).isEqualTo(1);
    assertThat(values[metrics.percentile()]).as("the only one").isEqualTo(1);
  }

  private void addItemMetrics(
      List<Integer> ranked, int offered, JudgedRequest request, double[] sums, int orders) {
    Set<Integer> history = Arrays.stream(request.history()).boxed().collect(Collectors.toSet());
    List<Integer> repeats = ranked.stream().filter(history::contains).toList();
    List<Integer> fresh = ranked.stream().filter(item -> !history.contains(item)).toList();
    for (int target : request.targets()) {
      boolean repeat = history.contains(target);
      for (int k = 0; k < HITS.size(); k++) {
        double hit = found(ranked, target, HITS.get(k)) / orders;
        sums[metrics.hit(Metrics.Kind.ALL, k)] += hit;
        sums[metrics.hit(repeat ? Metrics.Kind.REPEAT : Metrics.Kind.NEW, k)] += hit;
        sums[metrics.hit(repeat ? Metrics.Kind.HISTORY_SHELF : Metrics.Kind.NEW_SHELF, k)] +=
            found(repeat ? repeats : fresh, target, HITS.get(k)) / orders;
      }
      int place = ranked.indexOf(target);
      double before = place >= 0 ? place : (ranked.size() + offered - 1) / 2.0;
      sums[metrics.percentile()] += (1 - before / (offered - 1)) / orders;
    }
    double gain = 0;
    double ideal = 0;
    IntPredicate isTarget = item -> Arrays.stream(request.targets()).anyMatch(t -> t == item);
    for (int place = 0; place < NDCG.getFirst(); place++) {
      double discount = Math.log(2) / Math.log(place + 2);
      gain += place < ranked.size() && isTarget.test(ranked.get(place)) ? discount : 0;
      ideal += place < request.targets().length ? discount : 0;
    }
    sums[metrics.ndcg(false, 0)] += gain / ideal / orders;
  }

  private static double found(List<Integer> ranked, int target, int cutoff) {
    return ranked.stream().limit(cutoff).anyMatch(item -> item == target) ? 1 : 0;
  }

  private static double naiveHit(float[] scores, int target, int cutoff) {
    int above = 0;
    int equal = 0;
    for (float score : scores) {
      above += score > scores[target] ? 1 : 0;
      equal += score == scores[target] ? 1 : 0;
    }
    return Math.clamp((cutoff - above) / (double) equal, 0, 1);
  }

  private static void permute(int[] order, int place, boolean[] used, List<int[]> out) {
    if (place == order.length) {
      out.add(order.clone());
      return;
    }
    for (int value = 0; value < order.length; value++) {
      if (!used[value]) {
        used[value] = true;
        order[place] = value;
        permute(order, place + 1, used, out);
        used[value] = false;
      }
    }
  }

  static JudgedRequest randomCase(SplittableRandom random, int items) {
    return new JudgedRequest(
        0, 0, 0, distinct(random, items, 0, items / 2), distinct(random, items, 1, items / 2));
  }

  private static int[] distinct(SplittableRandom random, int items, int least, int most) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, items).boxed().toList());
    Collections.shuffle(all, new java.util.Random(random.nextLong()));
    return new LinkedHashSet<>(all)
        .stream().limit(random.nextInt(least, most + 1)).mapToInt(Integer::intValue).toArray();
  }
}
