package org.onemall.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.onemall.order.FinalOrders;
import org.onemall.order.JudgedRequest;
import org.onemall.statistics.Estimate;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/** Against figures counted the long way: sorted lists, pair by pair, target by target. */
class DetailTest {
  private static final int ITEMS = 40;
  private static final int CUTOFF = 5;
  private static final int REQUESTS = 60;
  private static final String MODEL = FinalOrders.ONEMALL;
  private static final Offset<Double> EXACT = within(1e-6);

  private final SplittableRandom random = new SplittableRandom(5);
  private final int[] taken = new int[ITEMS];
  private final float[] prices = new float[ITEMS];
  private final float[][] vectors = new float[ITEMS][4];
  private final List<JudgedRequest> requests = new ArrayList<>();
  private final List<List<Integer>> lists = new ArrayList<>();

  /** Item 0 belongs to another scenario, item 1 is never offered; scores are all different. */
  private Evaluation.Detail measure(BufferAllocator allocator) {
    for (int item = 0; item < ITEMS; item++) {
      taken[item] = item == 0 ? -1 : random.nextInt(4) * random.nextInt(9);
      prices[item] = random.nextInt(3) == 0 ? 0 : random.nextInt(1, 9);
      for (int i = 0; i < vectors[item].length; i++) {
        vectors[item][i] = (float) random.nextGaussian();
      }
    }
    Arrays.fill(vectors[7], 0f);
    for (int row = 0; row < REQUESTS; row++) {
      requests.add(
          new JudgedRequest(
              row,
              row / 3,
              row * Slices.DAY_MS / 2,
              random.ints(0, 200).distinct().limit(random.nextInt(3) * (long) row).toArray(),
              random.ints(2, ITEMS).distinct().limit(3).toArray()));
    }
    int[] sids = IntStream.range(0, ITEMS).map(item -> item < 2 ? -1 : item).toArray();
    Metrics metrics = new Metrics(List.of(CUTOFF), List.of());
    Ranking ranking = new Ranking(metrics, 200);
    try (Tensor tensor = Tensor.allocate(allocator, DType.FLOAT32, ITEMS, 4)) {
      for (int item = 0; item < ITEMS; item++) {
        tensor.copyFrom(vectors[item], item * 4L);
      }
      Background background = new Background(CUTOFF, taken, user -> user % 2 == 0, prices, tensor);
      Detail detail = new Detail(background, requests, List.of(MODEL));
      Detail.Worker worker = detail.worker();
      for (int row = 0; row < REQUESTS; row++) {
        int[] order = IntStream.range(2, ITEMS).toArray();
        shuffle(order);
        float[] scores = new float[order.length];
        for (int place = 0; place < scores.length; place++) {
          scores[place] = -place;
        }
        lists.add(Arrays.stream(order).limit(CUTOFF).boxed().toList());
        ranking.measure(
            order,
            scores,
            order.length,
            requests.get(row),
            Everything.with(Arrays.copyOf(sids, 200)),
            new double[metrics.size()],
            new double[metrics.size()]);
        worker.add(row, MODEL, ranking, order, scores, order.length);
        worker.add(row, "nobody looks at it", ranking, order, scores, order.length);
      }
      int[] users = requests.stream().mapToInt(JudgedRequest::user).toArray();
      return detail.result(Clusters.of(users, 50, 1), List.of(), _ -> Everything.with(sids));
    }
  }

  private void shuffle(int[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int item = order[i];
      order[i] = order[other];
      order[other] = item;
    }
  }

  private double hitRate(BiPredicate<JudgedRequest, Integer> slice, boolean byPrice) {
    double hits = 0;
    double all = 0;
    for (int row = 0; row < REQUESTS; row++) {
      for (int target : requests.get(row).targets()) {
        if (slice.test(requests.get(row), target)) {
          double weight = byPrice ? prices[target] : 1;
          hits += lists.get(row).contains(target) ? weight : 0;
          all += weight;
        }
      }
    }
    return hits / all;
  }

  private static double value(Map<String, Estimate> models) {
    return Objects.requireNonNull(models.get(MODEL)).value();
  }

  private Set<Integer> first(double share) {
    List<Integer> byFall =
        IntStream.range(1, ITEMS)
            .boxed()
            .sorted((a, b) -> taken[a] != taken[b] ? taken[b] - taken[a] : a - b)
            .toList();
    double all = IntStream.of(taken).filter(times -> times > 0).sum();
    Set<Integer> items = new HashSet<>();
    double sum = 0;
    for (int i = 0; sum < share * all; i++) {
      items.add(byFall.get(i));
      sum += taken[byFall.get(i)];
    }
    return items;
  }

  @Test
  void slicesAreHitRatesOfTheirTargets() {
    try (BufferAllocator allocator = new RootAllocator()) {
      Evaluation.Detail detail = measure(allocator);
      Set<Integer> head = first(.5);
      Set<Integer> torso = first(.9);
      Map<String, BiPredicate<JudgedRequest, Integer>> slices = new HashMap<>();
      slices.put("history 0", (c, _) -> c.history().length == 0);
      slices.put("history 1-4", (c, _) -> c.history().length >= 1 && c.history().length < 5);
      slices.put("history 5-19", (c, _) -> c.history().length >= 5 && c.history().length < 20);
      slices.put("history 20-99", (c, _) -> c.history().length >= 20 && c.history().length < 100);
      slices.put("history 100+", (c, _) -> c.history().length >= 100);
      slices.put("user known", (c, _) -> c.user() % 2 == 0);
      slices.put("user new", (c, _) -> c.user() % 2 == 1);
      slices.put("item head", (_, item) -> head.contains(item));
      slices.put("item torso", (_, item) -> torso.contains(item) && !head.contains(item));
      slices.put("item tail", (_, item) -> taken[item] > 0 && !torso.contains(item));
      slices.put("item new", (_, item) -> taken[item] == 0);
      for (int week = 0; week < 5; week++) {
        long from = week * 7L * Slices.DAY_MS;
        slices.put(
            "week " + (week + 1),
            (c, _) -> c.timeMs() >= from && c.timeMs() < from + 7 * Slices.DAY_MS);
      }
      Map<String, Long> byKind = new HashMap<>();
      for (Evaluation.Slice slice : detail.slices()) {
        String name = slice.by() + " " + slice.name();
        BiPredicate<JudgedRequest, Integer> of = Objects.requireNonNull(slices.remove(name), name);
        assertThat(value(slice.models())).as(name).isCloseTo(hitRate(of, false), EXACT);
        byKind.merge(slice.by(), slice.targets(), Long::sum);
      }
      assertThat(slices.keySet()).as("slices without a target").isSubsetOf("history 1-4");
      assertThat(byKind.values()).as("each target once a kind").containsOnly(3L * REQUESTS);
      assertThat(value(detail.revenue())).isCloseTo(hitRate((_, _) -> true, true), EXACT);
    }
  }

  @Test
  void listsAreDescribedPairByPair() {
    try (BufferAllocator allocator = new RootAllocator()) {
      Evaluation.Detail detail = measure(allocator);
      Evaluation.Lists found = Objects.requireNonNull(detail.lists().get(MODEL));
      int[] shown = new int[ITEMS];
      double bits = 0;
      double apart = 0;
      double all = IntStream.of(taken).filter(times -> times > 0).sum() + ITEMS - 1;
      for (List<Integer> list : lists) {
        for (int a : list) {
          shown[a]++;
          bits -= Math.log((taken[a] + 1) / all) / Math.log(2) / CUTOFF / REQUESTS;
          for (int b : list) {
            apart += a == b ? 0 : (1 - cosine(vectors[a], vectors[b])) / (CUTOFF * (CUTOFF - 1));
          }
        }
      }
      assertThat(detail.offered()).as("neither another scenario's nor unoffered").isEqualTo(38);
      assertThat(found.novelty()).isCloseTo(bits, EXACT);
      assertThat(found.diversity()).isCloseTo(apart / REQUESTS, EXACT);
      int[] offered = Arrays.copyOfRange(shown, 2, ITEMS);
      assertThat(found.coverage())
          .isCloseTo(IntStream.of(offered).filter(n -> n > 0).count() / 38.0, EXACT);
      double differences = 0;
      for (int a : offered) {
        for (int b : offered) {
          differences += Math.abs(a - b);
        }
      }
      assertThat(found.gini())
          .isCloseTo(differences / (2.0 * 38 * IntStream.of(offered).sum()), EXACT);
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      squareA += a[i] * a[i];
      squareB += b[i] * b[i];
    }
    return dot == 0 ? 0 : dot / Math.sqrt(squareA * squareB);
  }

  @Test
  void aTopListIsTheSortedListsBeginning() {
    for (long seed = 0; seed < 300; seed++) {
      SplittableRandom draw = new SplittableRandom(seed);
      int count = draw.nextInt(60);
      float[] scores = new float[count];
      for (int item = 0; item < count; item++) {
        scores[item] = List.of(Float.NEGATIVE_INFINITY, -2f, -0f, 0f, 3f).get(draw.nextInt(5));
      }
      List<Integer> expected =
          IntStream.range(0, count)
              .boxed()
              .filter(item -> scores[item] > Float.NEGATIVE_INFINITY)
              .sorted(
                  (a, b) -> scores[a] == scores[b] ? a - b : Float.compare(scores[b], scores[a]))
              .limit(7)
              .toList();
      TopList top = new TopList(7);
      top.of(null, scores, count);
      assertThat(IntStream.range(0, top.size()).mapToObj(top::item).toList())
          .as("seed %d", seed)
          .isEqualTo(expected);
    }
  }
}
