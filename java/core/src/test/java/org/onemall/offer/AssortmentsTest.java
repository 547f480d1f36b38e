package org.onemall.offer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.beam.BeamSearch;
import org.onemall.beam.Beams;
import org.onemall.beam.Children;
import org.onemall.beam.NextCodes;
import org.onemall.beam.SearchSpace;
import org.onemall.shop.Scenario;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/** Against the definition, item by item and moment by moment. */
class AssortmentsTest {
  @TempDir Path folder;
  private final RootAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  private Assortments assortments(RandomOffer offer, Scenario scenario, float[][] counts)
      throws IOException {
    return new Assortments(
        offer.semanticIds(folder, allocator),
        offer.availability(folder, allocator),
        scenario,
        counts,
        1);
  }

  /** A part of an assortment, against an assortment of an offer that has nothing else. */
  @RepeatedTest(20)
  void aPartOffersWhatIsWantedOfTheWhole() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RandomOffer offer = new RandomOffer(random);
    for (Scenario scenario : Scenario.values()) {
      Assortment whole =
          assortments(offer, scenario, new float[0][]).at(random.nextLong(RandomOffer.LAST));
      int share = 1 + random.nextInt(5);
      IntPredicate wanted = item -> (31L * item + seed) % share == 0;
      Assortment part = whole.only(wanted);
      String as = "seed %d, %s".formatted(seed, scenario);
      TreeSet<Integer> sids = new TreeSet<>();
      List<Integer> expected = new ArrayList<>();
      for (int item = 0; item < offer.scenarios.size(); item++) {
        boolean has = whole.sid(item) >= 0 && wanted.test(item);
        assertThat(part.sid(item)).as(as).isEqualTo(has ? whole.sid(item) : -1);
        if (has) {
          sids.add(whole.sid(item));
          expected.add(item);
        }
      }
      assertThat(IntStream.range(0, part.items()).map(part::item).boxed())
          .as(as)
          .isEqualTo(expected);
      assertThat(part.sids()).as(as).isEqualTo(sids.size());
      SearchSpace space = part.space(false, -1);
      assertThat(space.trie()).isSameAs(whole.space(false, -1).trie());
      assertThat(space.allowed()).isNotNull();
    }
  }

  @RepeatedTest(20)
  void everyMomentOffersWhatTheDefinitionSays() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RandomOffer offer = new RandomOffer(random);
    int items = offer.scenarios.size();
    for (Scenario scenario : Scenario.values()) {
      Assortments assortments = assortments(offer, scenario, new float[0][]);
      for (int i = 0; i < 150; i++) {
        long moment = random.nextLong(-RandomOffer.LAST, 2L * RandomOffer.LAST);
        Assortment found = assortments.at(moment);
        String as = "seed %d, %s at %d".formatted(seed, scenario, moment);
        float[] scores = new float[items];
        found.mask(scores);
        List<Integer> expected = new ArrayList<>();
        int[] sid = new int[3];
        for (int item = 0; item < items; item++) {
          boolean has = offer.has(scenario, item, moment);
          assertThat(assortments.has(item, moment)).as(as).isEqualTo(has);
          assertThat(scores[item]).as(as).isEqualTo(has ? 0 : Float.NEGATIVE_INFINITY);
          boolean coded = offer.scenarios.get(item) == scenario && !offer.sids.get(item).isEmpty();
          assortments.codes(item, moment, sid);
          assertThat(sid)
              .as(as)
              .isEqualTo(coded ? offer.sid(item, moment) : new int[] {-1, -1, -1});
          boolean own = offer.scenarios.get(item) == scenario;
          assertThat(assortments.missing(item, moment))
              .isEqualTo(has || !own ? null : coded ? "not_available" : "without_sid");
          if (has) {
            expected.add(item);
            found.index().codes(found.sid(item), sid);
            assertThat(sid).as("%s, item %d", as, item).isEqualTo(offer.sid(item, moment));
          }
        }
        List<Integer> listed = new ArrayList<>();
        for (int place = 0; place < found.items(); place++) {
          listed.add(found.item(place));
        }
        assertThat(listed).as(as).isEqualTo(expected);
      }
    }
  }

  @RepeatedTest(10)
  void thePriorOfAMomentIsThatOfWhatItOffers() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RandomOffer offer = new RandomOffer(random);
    int items = offer.scenarios.size();
    float[][] counts = new float[1][items];
    for (int item = 0; item < items; item++) {
      counts[0][item] = random.nextInt(9);
    }
    Assortments assortments = assortments(offer, Scenario.LIVE_STREAMING, counts);
    long moment = random.nextInt(RandomOffer.LAST);
    Map<String, Double> sums = new TreeMap<>();
    for (int item = 0; item < items; item++) {
      if (offer.has(Scenario.LIVE_STREAMING, item, moment)) {
        int[] sid = offer.sid(item, moment);
        for (int depth = 0; depth <= 3; depth++) {
          sums.merge(
              Arrays.toString(Arrays.copyOf(sid, depth)), 1.0 + counts[0][item], Double::sum);
        }
      }
    }
    for (int level = 0; level < 3; level++) {
      try (Tensor out = Tensor.allocate(allocator, DType.FLOAT32, RandomOffer.sizes()[level])) {
        for (int item = 0; item < items; item++) {
          if (offer.has(Scenario.LIVE_STREAMING, item, moment)) {
            int[] prefix = Arrays.copyOf(offer.sid(item, moment), level);
            assortments.at(moment).prior().fill(0, prefix, level, out, 0);
            double all = sums.getOrDefault(Arrays.toString(prefix), 0.0);
            for (int code = 0; code < RandomOffer.sizes()[level]; code++) {
              int[] longer = Arrays.copyOf(prefix, level + 1);
              longer[level] = code;
              double sum = sums.getOrDefault(Arrays.toString(longer), 0.0);
              assertThat((double) out.getFloat(code))
                  .as("seed %d, prefix %s, code %d", seed, Arrays.toString(prefix), code)
                  .isCloseTo(Math.log(sum / all), within(1e-5));
            }
          }
        }
      }
    }
  }

  @RepeatedTest(5)
  void beamsFindExactlyWhatEachMomentOffersInAnyThread() throws Exception {
    long seed = System.nanoTime();
    RandomOffer offer = new RandomOffer(new Random(seed));
    Assortments assortments = assortments(offer, Scenario.LIVE_STREAMING, new float[0][]);
    List<Callable<List<String>>> jobs = new ArrayList<>();
    for (int job = 0; job < 8; job++) {
      int threads = 1 + job % 2;
      jobs.add(() -> found(offer, assortments, seed, threads));
    }
    try (var pool = Executors.newFixedThreadPool(4)) {
      List<String> first = found(offer, assortments, seed, 1);
      for (var each : pool.invokeAll(jobs)) {
        assertThat(each.get()).as("seed %d", seed).isEqualTo(first);
      }
    }
  }

  /** Items of all beams by request, checked against the definition. */
  private List<String> found(RandomOffer offer, Assortments assortments, long seed, int threads) {
    int requests = 16;
    long[] moments = new SplittableRandom(seed).longs(requests, 0, RandomOffer.LAST).toArray();
    List<SearchSpace> spaces = new ArrayList<>();
    for (long moment : moments) {
      spaces.add(assortments.at(moment).space(false, -1));
    }
    List<String> found = new ArrayList<>();
    try (RootAllocator own = new RootAllocator();
        Flat flat = new Flat(own, requests);
        BeamSearch search = new BeamSearch(RandomOffer.sizes(), 100, threads, own)) {
      Beams beams = search.search(flat, spaces);
      for (int b = 0; b < requests; b++) {
        Assortment here = assortments.at(moments[b]);
        TreeSet<Integer> items = new TreeSet<>();
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < beams.count(b); i++) {
          order.append(beams.leaf(b, i)).append(' ');
          for (int k = 0; k < here.index().count(beams.leaf(b, i)); k++) {
            int item = here.index().item(beams.leaf(b, i), k);
            assertThat(offer.has(Scenario.LIVE_STREAMING, item, moments[b])).isTrue();
            items.add(item);
          }
        }
        assertThat(items).as("a beam wider than the shelf finds all of it").hasSize(here.items());
        found.add(order.toString());
      }
    }
    return found;
  }

  /** The same logits everywhere, rising with the code. */
  private static final class Flat implements NextCodes, AutoCloseable {
    private final Tensor[] logits = new Tensor[3];
    private final RootAllocator allocator;

    Flat(RootAllocator allocator, int requests) {
      this.allocator = allocator;
      int size = RandomOffer.sizes()[0];
      logits[0] = Tensor.allocate(allocator, DType.FLOAT32, requests, size);
      for (long i = 0; i < logits[0].size(); i++) {
        logits[0].setFloat(i, i % size / 7f);
      }
    }

    @Override
    public Tensor first() {
      return logits[0];
    }

    @Override
    public Tensor next(int level, Tensor parentBW, Tensor codeBW, Children children) {
      Tensor code = children.code();
      logits[level] = Tensor.allocate(allocator, DType.FLOAT32, code.size());
      for (long j = 0; j < code.size(); j++) {
        logits[level].setFloat(j, code.getInt(j) / 7f);
      }
      return logits[level];
    }

    @Override
    public void close() {
      for (Tensor tensor : logits) {
        tensor.close();
      }
    }
  }

  @Test
  void nothingOnOfferIsNamed() throws IOException {
    RandomOffer offer = new RandomOffer(new Random(3));
    int last = offer.times.size() - 1;
    for (int item = 0; item < offer.times.size(); item++) {
      offer.times.set(item, new long[] {10, item == last ? 90 : 20});
    }
    Assortments assortments = assortments(offer, Scenario.LIVE_STREAMING, new float[0][]);
    assertThat(assortments.at(89).items()).isEqualTo(1);
    assertThatThrownBy(() -> assortments.at(90))
        .hasMessageContaining("live_streaming: nothing is offered from 90 ms on");
  }
}
