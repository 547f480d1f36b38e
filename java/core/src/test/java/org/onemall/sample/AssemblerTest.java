package org.onemall.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.sample.NaiveAssembler.Token;
import org.onemall.sample.RandomLog.Scored;
import org.onemall.sample.SampleConfig.TargetWeight;
import org.onemall.semanticid.SidLookup;
import org.onemall.shop.Behavior;
import org.onemall.shop.Period;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

class AssemblerTest {
  private static final int[] CODES = {7, 5, 3};
  private static final int PER_ITEM = 6;

  @TempDir Path folder;
  private final RootAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  /** An item's SID changes every 30 days; items of other scenarios have none. */
  private static void sid(int item, long timeMs, int[] out) {
    if (!RandomLog.hasSid(item)) {
      Arrays.fill(out, SidLookup.NONE);
      return;
    }
    int version = (int) (timeMs / (30L * 86_400_000L));
    for (int level = 0; level < out.length; level++) {
      out[level] = Math.floorMod(31 * item + 17 * version * (level + 1), CODES[level]);
    }
  }

  private static SampleConfig config(Random random) {
    List<Behavior> behaviors =
        random.nextBoolean() ? List.of(Behavior.BUY) : List.of(Behavior.CLICK, Behavior.BUY);
    int length = 1 + random.nextInt(20);
    return new SampleConfig(
        Behavior.BUY,
        behaviors,
        length,
        1 + random.nextInt(12),
        1 + random.nextInt(length),
        .8f,
        30,
        random.nextBoolean() ? TargetWeight.BASKET : TargetWeight.REQUEST,
        random.nextBoolean() ? AgeUnit.MINUTES : null,
        random.nextBoolean() ? Map.of("buy", 1 + random.nextInt(length)) : null);
  }

  private static final SampleConfig PLAIN =
      new SampleConfig(
          Behavior.BUY, List.of(Behavior.BUY), 8, 4, 4, .8f, 30, TargetWeight.BASKET, null, null);

  /** What {@code arrow-schemas/batches/retriever.json} says of a tensor: dtype and sizes. */
  private static Map<String, String> described(List<Behavior> behaviors) throws IOException {
    Map<String, String> described = new HashMap<>();
    JsonNode file =
        new ObjectMapper().readTree(Path.of("../../arrow-schemas/batches/retriever.json").toFile());
    for (JsonNode tensor : file.path("tensors")) {
      assertThat(tensor.path("description").asText()).matches(".{10,}[.]");
      String name = tensor.path("name").asText();
      String text = tensor.path("dtype").asText() + " " + tensor.path("shape").asText();
      if (name.startsWith("<behavior>")) {
        for (Behavior behavior : behaviors) {
          described.put(
              name.replace("<behavior>", behavior.key()), text.replace("T", "T_" + behavior.key()));
        }
      } else if (name.endsWith("<level>")) {
        for (int level = 1; level < CODES.length; level++) {
          described.put(name.replace("<level>", "" + level), text.replace("K", "K" + level));
        }
      } else {
        described.put(name, text);
      }
    }
    return described;
  }

  @RepeatedTest(5)
  void aBatchIsAsItsSchemaSays() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Fixture fixture = new Fixture(RandomLog.of(random), config(random));
        Tensors batch = fixture.assembler().measurement(fixture.all(), allocator)) {
      Map<String, String> described = described(fixture.config.behaviors());
      assertThat(batch.byName().keySet()).as("seed %d", seed).isEqualTo(described.keySet());
      Map<String, Long> sizes = new HashMap<>(Map.of("L", (long) CODES.length));
      for (int level = 0; level < CODES.length; level++) {
        sizes.put("K" + level, (long) CODES[level]);
      }
      described.forEach((name, text) -> {
        List<String> words = List.of(text.split(" "));
        Tensor tensor = batch.get(name);
        assertThat(tensor.type().name()).as(name).isEqualToIgnoringCase(words.getFirst());
        assertThat(tensor.shape()).as(name).hasSize(words.size() - 1);
        for (int axis = 0; axis < tensor.shape().length; axis++) {
          String letter = words.get(axis + 1);
          long size = tensor.dim(axis);
          long known =
              letter.matches("[0-9]+")
                  ? Long.parseLong(letter)
                  : sizes.computeIfAbsent(letter, _ -> size);
          assertThat(size).as("%s, %s", name, letter).isEqualTo(known);
        }
      });
    }
  }

  /** The tables of a log, written and read back. */
  private final class Fixture implements AutoCloseable {
    final SampleTables tables;
    final SampleConfig config;

    Fixture(RandomLog log, SampleConfig config) throws IOException {
      this.config = config;
      Path interactions = Files.createTempFile(folder, "interactions", ".arrow");
      log.writeInteractions(interactions, allocator);
      Path neighbours = Files.createTempFile(folder, "neighbours", ".arrow");
      log.writeNeighbours(neighbours, PER_ITEM, allocator);
      History history = History.read(interactions, log.items(), allocator);
      int snapshots = log.periods().snapshots();
      Path requests = Files.createTempFile(folder, "requests", ".arrow");
      Path popularity = Files.createTempFile(folder, "popularity", ".arrow");
      try (Requests built =
              Requests.of(
                  history, log.periods(), config.targetBehavior(), RandomLog::offered, allocator);
          Popularity counted = Popularity.of(history, log.periods(), config, allocator);
          OutputStream out = Files.newOutputStream(requests);
          OutputStream other = Files.newOutputStream(popularity)) {
        built.write(out, allocator);
        counted.write(other, allocator);
      }
      tables =
          new SampleTables(
              history,
              Requests.read(requests, allocator),
              Popularity.read(popularity, snapshots, history.items(), allocator),
              NeighbourTable.read(neighbours, snapshots, history.items(), allocator));
    }

    /** A made-up prior that depends on everything that it may depend on. */
    private void prior(long timeMs, int snapshot, int[] prefix, int level, Tensor out, long start) {
      assertThat(timeMs).isPositive();
      int item = level == 0 ? 0 : prefix[level - 1];
      for (int code = 0; code < CODES[level]; code++) {
        float count = tables.popularity().total(snapshot, item % tables.history().items());
        out.setFloat(start + code, code % 3 == 2 ? Float.NEGATIVE_INFINITY : count + code);
      }
    }

    Assembler assembler() {
      return new Assembler(
          config, tables, AssemblerTest::sid, RandomLog::offered, this::prior, CODES);
    }

    int[] all() {
      return IntStream.range(0, tables.requests().rows()).toArray();
    }

    @Override
    public void close() {
      tables.history().close();
      tables.requests().close();
      tables.popularity().close();
      tables.neighbours().close();
    }
  }

  private static String sidOf(Tensor codes, long row) {
    int[] found = new int[CODES.length];
    for (int level = 0; level < found.length; level++) {
      found[level] = codes.getInt(row * found.length + level);
    }
    return Arrays.toString(found);
  }

  private static Map<String, byte[]> bytes(Tensors batch) {
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    batch
        .byName()
        .forEach((name, tensor) ->
            bytes.put(name + tensor, tensor.segment().toArray(ValueLayout.JAVA_BYTE)));
    return bytes;
  }

  @RepeatedTest(20)
  void agreesWithTheDefinition() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RandomLog log = RandomLog.of(random);
    SampleConfig config = config(random);
    NaiveAssembler naive =
        new NaiveAssembler(log, config, AssemblerTest::sid, CODES.length, PER_ITEM);
    try (Fixture fixture = new Fixture(log, config);
        Tensors batch = fixture.assembler().measurement(fixture.all(), allocator)) {
      Requests requests = fixture.tables.requests();
      List<Integer> expected = naive.requests();
      assertThat(IntStream.of(fixture.all()).map(requests::request).boxed().toList())
          .as("requests, seed %d", seed)
          .isEqualTo(expected);
      for (int b = 0; b < expected.size(); b++) {
        int request = expected.get(b);
        String as = "seed %d, request %d".formatted(seed, request);
        assertThat(requests.snapshot(b)).as(as).isEqualTo(naive.snapshot(request));
        assertThat(batch.get("request").toFloats(4L * b, 4))
            .as(as)
            .isEqualTo(naive.request(request));
        for (Behavior behavior : config.behaviors()) {
          assertThat(tokens(batch, behavior, b)).as(as).isEqualTo(naive.tokens(request, behavior));
        }
        assertThat(neighbours(batch, b, requests.timeMs(b)))
            .as(as)
            .isEqualTo(naive.neighbours(request));
        checkTargets(batch, b, request, naive, config, as);
      }
    }
  }

  private static List<Token> tokens(Tensors batch, Behavior behavior, int b) {
    Tensor items = batch.get(behavior.key() + "_item");
    Tensor codes = batch.get(behavior.key() + "_code");
    Tensor features = batch.get(behavior.key() + "_feature");
    Tensor products = batch.get(behavior.key() + "_product");
    Tensor offered = batch.get(behavior.key() + "_offered");
    List<Token> tokens = new ArrayList<>();
    for (long t = b * items.dim(1); t < (b + 1) * items.dim(1); t++) {
      float[] feature = features.toFloats(3 * t, 3);
      if (items.getInt(t) >= 0) {
        tokens.add(
            new Token(
                items.getInt(t),
                sidOf(codes, t),
                products.getInt(t),
                offered.getByte(t) == 1,
                feature[0],
                feature[1],
                feature[2]));
      } else {
        assertThat(feature).containsOnly(0);
        assertThat(products.getInt(t)).isEqualTo(-1);
        assertThat(sidOf(codes, t)).isEqualTo("[0, 0, 0]");
      }
    }
    return tokens;
  }

  private static List<Scored> neighbours(Tensors batch, int b, long now) {
    Tensor items = batch.get("neighbour_item");
    List<Scored> found = new ArrayList<>();
    for (long p = b * items.dim(1); p < (b + 1) * items.dim(1); p++) {
      if (items.getInt(p) >= 0) {
        found.add(new Scored(items.getInt(p), batch.get("neighbour_score").getFloat(p)));
        int[] sid = new int[CODES.length];
        sid(items.getInt(p), now, sid);
        assertThat(sidOf(batch.get("neighbour_code"), p)).isEqualTo(Arrays.toString(sid));
      }
    }
    return found;
  }

  private static void checkTargets(
      Tensors batch, int b, int request, NaiveAssembler naive, SampleConfig config, String as) {
    List<Integer> expected = naive.targets(request).stream().map(e -> e.item()).toList();
    Tensor items = batch.get("target_item");
    Tensor candidates = batch.get("candidate_item");
    long width = items.dim(1);
    for (int s = 0; s < width; s++) {
      long at = b * width + s;
      boolean there = s < expected.size();
      assertThat(items.getInt(at)).as(as).isEqualTo(there ? expected.get(s) : -1);
      float weight = config.targetWeight() == TargetWeight.BASKET ? 1 : 1f / expected.size();
      assertThat(batch.get("target_weight").getFloat(at)).as(as).isEqualTo(there ? weight : 0);
      if (there) {
        int index = batch.get("target_candidate").getInt(at);
        assertThat(candidates.getInt(index)).as(as).isEqualTo(expected.get(s));
        int[] sid = new int[CODES.length];
        sid(expected.get(s), naive.event(request).timeMs(), sid);
        assertThat(sidOf(batch.get("target_code"), at)).as(as).isEqualTo(Arrays.toString(sid));
        assertThat(batch.get("prior_2").getFloat(at * 3 + 2)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(batch.get("prior_2").getFloat(at * 3 + 1))
            .as(as)
            .isEqualTo(naive.total(request, sid[1]) + 1);
      }
    }
    for (int c = 0; c < candidates.size(); c++) {
      long at = b * candidates.size() + c;
      int item = candidates.getInt(c);
      assertThat(batch.get("candidate_known").getByte(at))
          .as(as)
          .isEqualTo((byte) (expected.contains(item) ? 1 : 0));
      assertThat(batch.get("candidate_popularity").getFloat(2 * at + 1))
          .as(as)
          .isEqualTo((float) StrictMath.log1p(naive.total(request, item)));
    }
  }

  /** The rows of a query as a live user would bring them: no table, other numbers of requests. */
  private static List<Event> live(Query query) {
    List<Event> events = new ArrayList<>();
    History history = query.history();
    int request = -1;
    for (long row = query.start(); row < query.end(); row++) {
      boolean same = row > query.start() && history.request(row) == history.request(row - 1);
      request += same ? 0 : 1;
      events.add(
          new Event(
              request,
              history.item(row),
              history.timeMs(row),
              history.behaviors(row),
              history.seenMs(row),
              history.product(row)));
    }
    return events;
  }

  @RepeatedTest(10)
  void aLiveUserWithTheSamePastGetsTheSameBytes() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RandomLog log = RandomLog.of(random);
    try (Fixture fixture = new Fixture(log, config(random))) {
      for (Query stored : fixture.tables.queries(fixture.all())) {
        try (History own = History.of(log.items(), live(stored), allocator);
            Tensors expected = fixture.assembler().inputs(List.of(stored), allocator);
            Tensors found =
                fixture
                    .assembler()
                    .inputs(
                        List.of(new Query(own, 0, own.end(0), stored.timeMs(), stored.snapshot())),
                        allocator)) {
          assertThat(bytes(found))
              .as("seed %d", seed)
              .usingRecursiveComparison()
              .isEqualTo(bytes(expected));
        }
      }
    }
  }

  @Test
  void aLiveUsersEventsAreChecked() {
    Event late = new Event(1, 2, 20, 1, 20, -1);
    Event early = new Event(0, 2, 10, 1, 10, -1);
    assertThatThrownBy(() -> History.of(3, List.of(late, early), allocator))
        .hasMessageContaining("expected them in order of time and request");
    assertThatThrownBy(() -> History.of(2, List.of(early), allocator))
        .hasMessageContaining("expected items below 2");
    try (History none = History.of(3, List.of(), allocator)) {
      assertThat(Query.of(none, 0, 100, -1).end()).isZero();
    }
    try (History two = History.of(3, List.of(early, late), allocator)) {
      assertThat(Query.of(two, 0, 20, -1).end()).isEqualTo(1);
      assertThat(Query.of(two, 0, 21, -1).distinct(Behavior.EXPOSURE)).containsExactly(2);
      assertThatThrownBy(() -> new Query(two, 1, 3, 30, 0)).hasMessageContaining("found 1 to 3");
    }
  }

  @RepeatedTest(10)
  void theFutureDoesNotMatter() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RandomLog log = RandomLog.of(random);
    SampleConfig config = config(random);
    try (Fixture fixture = new Fixture(log, config)) {
      int row = random.nextInt(fixture.tables.requests().rows());
      int request = fixture.tables.requests().request(row);
      RandomLog other = log.withOtherFuture(request, random);
      try (Fixture changed = new Fixture(other, config);
          Tensors expected = fixture.assembler().measurement(new int[] {row}, allocator)) {
        int same =
            IntStream.of(changed.all())
                .filter(r -> changed.tables.requests().request(r) == request)
                .findFirst()
                .orElseThrow();
        try (Tensors found = changed.assembler().measurement(new int[] {same}, allocator)) {
          Map<String, byte[]> left = bytes(expected);
          Map<String, byte[]> right = bytes(found);
          // The chance to be drawn belongs to the sampler of the training period, not to a request.
          left.keySet().removeIf(name -> name.startsWith("candidate_log_q"));
          right.keySet().removeIf(name -> name.startsWith("candidate_log_q"));
          assertThat(right).as("seed %d", seed).usingRecursiveComparison().isEqualTo(left);
        }
      }
    }
  }

  @Test
  void drawnTargetsAreDistinctAndFairAndKeepTheWeightOfTheBasket() throws IOException {
    long seed = System.nanoTime();
    RandomLog log = RandomLog.of(new Random(seed));
    try (Fixture fixture = new Fixture(log, PLAIN)) {
      Requests requests = fixture.tables.requests();
      Assembler assembler = fixture.assembler();
      int[] rows = fixture.all();
      double[] drawn = new double[log.items()];
      double[] expected = new double[log.items()];
      SplittableRandom random = new SplittableRandom(seed);
      int rounds = 300;
      for (int round = 0; round < rounds; round++) {
        try (Tensors batch = assembler.training(rows, 2, random, allocator)) {
          for (int b = 0; b < rows.length; b++) {
            Set<Integer> seen = new HashSet<>();
            float weight = 0;
            for (long at = 2L * b; at < 2L * b + 2; at++) {
              int item = batch.get("target_item").getInt(at);
              weight += batch.get("target_weight").getFloat(at);
              if (item >= 0) {
                assertThat(seen.add(item)).isTrue();
                assertThat(requests.targets(rows[b])).contains(item);
                drawn[item]++;
              }
            }
            assertThat(weight).isEqualTo((float) requests.targetCount(rows[b]));
          }
        }
      }
      for (int row : rows) {
        int count = requests.targetCount(row);
        for (int item : requests.targets(row)) {
          expected[item] += rounds * Math.min(1, 2.0 / count);
        }
      }
      for (int i = 0; i < drawn.length; i++) {
        assertThat(drawn[i])
            .as("draws of item %d, seed %d", i, seed)
            .isCloseTo(expected[i], within(8 * Math.sqrt(expected[i]) + 1));
      }
    }
  }

  @Test
  void logQIsTheChanceToBeInABatchOfRequestsOfTheSameSnapshots() throws IOException {
    long seed = System.nanoTime();
    RandomLog log = RandomLog.of(new Random(seed));
    try (Fixture fixture = new Fixture(log, PLAIN)) {
      Requests requests = fixture.tables.requests();
      int[] train = requests.rows(Period.TRAIN);
      try (Tensors batch = fixture.assembler().measurement(train, allocator)) {
        for (int c = 0; c < batch.get("candidate_item").size(); c++) {
          int item = batch.get("candidate_item").getInt(c);
          double absent = 1;
          for (int row : train) {
            int snapshot = requests.snapshot(row);
            int[] season =
                IntStream.range(0, requests.rows())
                    .filter(r -> requests.period(r) != Period.TEST)
                    .filter(r -> requests.snapshot(r) == snapshot)
                    .toArray();
            double with =
                IntStream.of(season)
                    .filter(r -> IntStream.of(requests.targets(r)).anyMatch(t -> t == item))
                    .count();
            absent *= 1 - Math.max(.5, with) / season.length;
          }
          assertThat(batch.get("candidate_log_q").getFloat(c))
              .as("seed %d", seed)
              .isCloseTo((float) Math.log(1 - absent), within(1e-4f));
        }
      }
    }
  }

  @Test
  void threadsWithTheirOwnAssemblerMakeTheSameBytes() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RandomLog log = RandomLog.of(random);
    try (Fixture fixture = new Fixture(log, config(random));
        var pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Map<String, byte[]>>> jobs = new ArrayList<>();
      for (int j = 0; j < 16; j++) {
        int start = j % 2;
        jobs.add(() -> {
          int[] rows = IntStream.of(fixture.all()).filter(r -> r % 2 == start).toArray();
          try (Tensors batch =
              fixture.assembler().training(rows, 3, new SplittableRandom(start), allocator)) {
            return bytes(batch);
          }
        });
      }
      var results = pool.invokeAll(jobs);
      for (int j = 2; j < results.size(); j++) {
        assertThat(results.get(j).get())
            .as("seed %d", seed)
            .usingRecursiveComparison()
            .isEqualTo(results.get(j % 2).get());
      }
    }
  }

  @Test
  void shapesAndTypesAreThoseOfTheContract() throws IOException {
    RandomLog log = RandomLog.of(new Random(5));
    try (Fixture fixture = new Fixture(log, config(new Random(5)));
        Tensors batch =
            fixture.assembler().training(new int[] {0}, 4, new SplittableRandom(1), allocator)) {
      assertThat(batch.get("target_item").shape()).containsExactly(1, 4);
      assertThat(batch.get("prior_0").shape()).containsExactly(1, CODES[0]);
      assertThat(batch.get("prior_1").shape()).containsExactly(1, 4, CODES[1]);
      assertThat(batch.get("candidate_known").type()).isEqualTo(DType.UINT8);
      assertThat(batch.get("buy_code").type()).isEqualTo(DType.INT32);
    }
  }
}
