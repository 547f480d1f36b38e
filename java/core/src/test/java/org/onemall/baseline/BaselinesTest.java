package org.onemall.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.baseline.CountingBaseline.Scorer;
import org.onemall.item2item.Item2ItemConfig.CoOccurrence;
import org.onemall.offer.Offer;
import org.onemall.run.Artefacts;
import org.onemall.sample.BasketHistory;
import org.onemall.sample.History;
import org.onemall.shop.Baskets;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;
import org.onemall.shop.RandomBaskets;
import org.onemall.shop.Scenario;

class BaselinesTest {
  private static final int ITEMS = 40;
  private static final int USERS = 60;
  private static final long VALIDATION = 250;
  private static final long TEST = 350;
  private static final CoOccurrence TOGETHER =
      new CoOccurrence(ITEMS, 1, 0, 1, 0, 0, 5, 1_000, null);
  private static final CoOccurrence NEXT = new CoOccurrence(ITEMS, 0, 1, 1, 1, 0, 2, 1_000, null);
  private static final BaselineParameters PARAMETERS =
      new BaselineParameters(
          new BaselineParameters.RecentPopularity(1),
          new BaselineParameters.PersonalFrequency(0.8, 0.3),
          new BaselineParameters.ItemKnn(TOGETHER, 3, 0.7, 2, 0.9, 0.1),
          new BaselineParameters.ItemKnn(NEXT, 1, 1, 0.5, 0, 0.2),
          new TreeMap<>());

  @TempDir Path folder;
  private final RootAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  private static Baskets baskets(long seed, long end) {
    return RandomBaskets.of(seed, USERS, ITEMS, 8, end);
  }

  private static KnownShop known(Baskets baskets, int threads, BufferAllocator allocator) {
    Artefacts none =
        artefact -> {
          throw new IllegalStateException("counting reads no " + artefact);
        };
    return new KnownShop(none, baskets, Behavior.BUY, TEST, threads, allocator);
  }

  private static List<CountingBaseline> models() {
    return Baselines.of(PARAMETERS).stream().map(CountingBaseline.class::cast).toList();
  }

  private List<Scorer> fit(Baskets baskets, int threads) {
    return models().stream()
        .map(model -> model.count().apply(known(baskets, threads, allocator)))
        .toList();
  }

  /** What a user took before a request, of the baskets themselves. */
  private static Past past(Baskets baskets, int request) {
    IntArrayList requests = new IntArrayList();
    IntArrayList items = new IntArrayList();
    for (int r = baskets.previous(request); r >= 0; r = baskets.previous(r)) {
      for (int i = baskets.start(r); i < baskets.end(r); i++) {
        requests.add(0, r);
        items.add(0, baskets.item(i));
      }
    }
    return Past.of(requests.toIntArray(), items.toIntArray());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void scoresEqualTheirDefinitions(long seed) {
    Baskets baskets = baskets(seed, 2_000);
    List<CountingBaseline> models = models();
    List<Scorer> scorers = fit(baskets, 2);
    double[] shares = shares(baskets);
    double[][] together = cosines(baskets, false, 5);
    double[][] next = cosines(baskets, true, 2);
    for (int request = baskets.before(TEST); request < baskets.size(); request++) {
      double[] personal = new double[ITEMS];
      double[] knn = new double[ITEMS];
      double[] markov = new double[ITEMS];
      for (int item = 0; item < ITEMS; item++) {
        personal[item] = 0.3 * shares[item];
        knn[item] = 0.1 * shares[item];
        markov[item] = 0.2 * shares[item];
      }
      int age = 0;
      for (int r = baskets.previous(request); r >= 0; r = baskets.previous(r), age++) {
        for (int i = baskets.start(r); i < baskets.end(r); i++) {
          int item = baskets.item(i);
          personal[item] += Math.pow(0.8, age);
          knn[item] += 2 * Math.pow(0.9, age);
          markov[item] += age == 0 ? 0.5 : 0;
          for (int other = 0; other < ITEMS; other++) {
            knn[other] += age < 3 ? Math.pow(0.7, age) * together[item][other] : 0;
            markov[other] += age == 0 ? next[item][other] : 0;
          }
        }
      }
      Past past = past(baskets, request);
      assertThat(models)
          .extracting(Baseline::name)
          .containsExactly(
              "popularity", "recent_popularity", "personal_frequency", "item_knn", "markov");
      assertClose(scorers.get(0), "popularity", past, shares, seed);
      assertClose(scorers.get(1), "recent_popularity", past, shares, seed);
      assertClose(scorers.get(2), "personal_frequency", past, personal, seed);
      assertClose(scorers.get(3), "item_knn", past, knn, seed);
      assertClose(scorers.get(4), "markov", past, markov, seed);
    }
  }

  private static void assertClose(
      Scorer scorer, String name, Past past, double[] expected, long seed) {
    float[] found = new float[ITEMS];
    scorer.score(past, found);
    for (int item = 0; item < ITEMS; item++) {
      assertThat((double) found[item])
          .as("seed %d, %s, item %d", seed, name, item)
          .isCloseTo(expected[item], within(1e-4));
    }
  }

  private static double[] shares(Baskets baskets) {
    double[] shares = new double[ITEMS];
    double most = 1;
    for (int request = 0; baskets.timeMs(request) < TEST; request++) {
      for (int i = baskets.start(request); i < baskets.end(request); i++) {
        most = Math.max(most, ++shares[baskets.item(i)]);
      }
    }
    for (int item = 0; item < ITEMS; item++) {
      shares[item] /= most;
    }
    return shares;
  }

  /** Of items in one request, or of an item in the request before and one in this. */
  private static double[][] cosines(Baskets baskets, boolean next, double shrinkage) {
    double[][] weight = new double[ITEMS][ITEMS];
    double[] count = new double[ITEMS];
    for (int request = 0; baskets.timeMs(request) < TEST; request++) {
      int from = next ? baskets.previous(request) : request;
      for (int j = baskets.start(request); j < baskets.end(request); j++) {
        count[baskets.item(j)]++;
        for (int i = from < 0 ? 0 : baskets.start(from); from >= 0 && i < baskets.end(from); i++) {
          weight[baskets.item(i)][baskets.item(j)]++;
        }
      }
    }
    for (int i = 0; i < ITEMS; i++) {
      for (int j = 0; j < ITEMS; j++) {
        double norm = Math.sqrt((count[i] + shrinkage) * (count[j] + shrinkage));
        weight[i][j] = i == j ? 0 : weight[i][j] / norm;
      }
    }
    return weight;
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void knowsNothingFromTheMomentOn(long seed) {
    Baskets whole = baskets(seed, 2_000);
    Baskets cut = baskets(seed, TEST);
    assertThat(cut.size()).isLessThan(whole.size());
    List<Scorer> fromWhole = fit(whole, 1);
    List<Scorer> fromCut = fit(cut, 3);
    Past past = Past.of(new int[] {7, 7, 9}, new int[] {3, 5, 3});
    for (int model = 0; model < fromWhole.size(); model++) {
      float[] expected = new float[ITEMS];
      float[] found = new float[ITEMS];
      fromCut.get(model).score(past, expected);
      fromWhole.get(model).score(past, found);
      assertThat(found).as("seed %d, %s", seed, models().get(model).name()).isEqualTo(expected);
    }
  }

  @Test
  void pastCountsAnItemOncePerRequestAndAgesByRequests() {
    Past past = Past.of(new int[] {4, 4, 4, 8, 9, 9}, new int[] {1, 2, 1, 1, 0, 3});
    assertThat(past.size()).isEqualTo(5);
    int[][] found = new int[past.size()][];
    for (int i = 0; i < found.length; i++) {
      found[i] = new int[] {past.item(i), past.age(i)};
    }
    assertThat(found).isDeepEqualTo(new int[][] {{0, 0}, {3, 0}, {1, 1}, {1, 2}, {2, 2}});
    assertThat(Past.of(new int[0], new int[0]).size()).isZero();
  }

  @Test
  void itemsThatTieForTheLastPlacesShareThem() throws IOException {
    Baskets baskets =
        new Baskets(
            1, 6, new int[] {0, 1, 1}, new int[3], new int[] {5, 0, 1}, new long[] {1, 9, 9});
    try (History history = BasketHistory.of(baskets, folder, allocator)) {
      HitRate hitRate = new HitRate(baskets, history, ALL, 5, 10, 100, 2);
      assertThat(hitRate.of(fixed(1, 1, 1, 1, 1, 1), 1)).isCloseTo(2 / 6.0, within(1e-12));
      assertThat(hitRate.of(fixed(9, 8, 1, 1, 1, 1), 1)).isEqualTo(1);
      assertThat(hitRate.of(fixed(9, 1, 1, 1, 1, 1), 2)).isCloseTo(0.6, within(1e-12));
      assertThat(hitRate.of(fixed(0, 0, 1, 1, 1, 1), 2)).isZero();
    }
  }

  private static FittedBaseline fixed(float... values) {
    return CountingBaseline.fitted(
        (past, scores) -> System.arraycopy(values, 0, scores, 0, values.length), Behavior.BUY);
  }

  private static final BaselineConfig CONFIG =
      new BaselineConfig(
          Behavior.BUY,
          5,
          50,
          List.of(1, 2),
          List.of(0.5, 0.9),
          List.of(0.1, 1.0),
          List.of(0.0, 2.0),
          List.of(1.0, 20.0),
          20,
          100,
          null,
          null);

  private static final Offer ALL = (item, timeMs) -> true;

  /** Another half of the items every 50 ms. */
  private static final Offer HALF = (item, timeMs) -> (item + timeMs / 50) % 2 == 0;

  @ParameterizedTest
  @ValueSource(longs = {8, 9})
  void onlyWhatIsOnTheShelfCompetes(long seed) throws IOException {
    Baskets baskets = baskets(seed, 2_000);
    try (History history = BasketHistory.of(baskets, folder, allocator)) {
      HitRate all = new HitRate(baskets, history, HALF, VALIDATION, TEST, 1_000, ITEMS / 2);
      assertThat(all.of(fixed(new float[ITEMS]), 1)).as("seed %d", seed).isEqualTo(1);
      HitRate one = new HitRate(baskets, history, HALF, VALIDATION, TEST, 1_000, 1);
      assertThat(one.of(fixed(new float[ITEMS]), 2)).isCloseTo(2.0 / ITEMS, within(1e-12));
    }
  }

  @Test
  void aWindowCountsRequestsThatFollowEachOtherBothWays() throws IOException {
    BaselineConfig windowed =
        new BaselineConfig(
            Behavior.BUY,
            5,
            50,
            List.of(1),
            List.of(0.5),
            List.of(0.1),
            List.of(0.0),
            List.of(1.0),
            20,
            100,
            4,
            Map.of("live_streaming", 3));
    Periods periods = new Periods(0, VALIDATION, TEST, 2_000, List.of(VALIDATION, TEST));
    BaselineParameters found =
        tune(baskets(3, 2_000), HALF, Scenario.LIVE_STREAMING, periods, windowed, 1);
    assertThat(found.itemKnn().neighbours().window()).isEqualTo(4);
    assertThat(found.itemKnn().neighbours().backward()).isEqualTo(1);
    assertThat(found.markov().requests()).isEqualTo(3);
    assertThat(windowed.hitsAt(Scenario.LIVE_STREAMING)).isEqualTo(3);
    assertThat(windowed.hitsAt(Scenario.SHORT_VIDEO)).isEqualTo(5);
  }

  private BaselineParameters tune(
      Baskets baskets,
      Offer offer,
      Scenario scenario,
      Periods periods,
      BaselineConfig config,
      int threads)
      throws IOException {
    try (History history = BasketHistory.of(baskets, folder, allocator)) {
      return BaselineTuner.tune(baskets, history, offer, scenario, periods, config, threads);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {6, 7})
  void tuningNeverLooksAtTheTestPeriod(long seed) throws IOException {
    Periods periods = new Periods(0, VALIDATION, TEST, 2_000, List.of(VALIDATION, TEST));
    BaselineParameters fromWhole =
        tune(baskets(seed, 2_000), ALL, Scenario.PRODUCT_CARD, periods, CONFIG, 2);
    BaselineParameters fromCut =
        tune(baskets(seed, TEST), ALL, Scenario.PRODUCT_CARD, periods, CONFIG, 1);
    assertThat(fromWhole).as("seed %d", seed).isEqualTo(fromCut);
    assertThat(fromWhole.validation())
        .containsOnlyKeys("recent_popularity", "personal_frequency", "item_knn", "markov");
    assertThat(CONFIG.recency()).contains(fromWhole.itemKnn().recency());
  }

  @Test
  void parametersComeBackFromTheirFile() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PARAMETERS.write(out);
    Path file = Files.write(folder.resolve("baselines.json"), out.toByteArray());
    assertThat(BaselineParameters.read(file)).isEqualTo(PARAMETERS);
  }

  @Test
  void aGridOutOfBoundsIsRefusedByName() {
    assertThatThrownBy(() ->
            new BaselineConfig(
                Behavior.BUY,
                50,
                10,
                List.of(0),
                List.of(0.5),
                List.of(1.0),
                List.of(1.0),
                List.of(1.0),
                10,
                10,
                null,
                null))
        .hasMessageContaining("baseline.recent_days: expected numbers from 1 on, found [0]");
  }
}
