package org.onemall.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.onemall.order.Candidates;
import org.onemall.order.FinalOrder;
import org.onemall.order.FinalOrders;
import org.onemall.order.JudgedRequest;
import org.onemall.order.OrderConfig;
import org.onemall.order.Part;
import org.onemall.order.Scaling;
import org.onemall.order.SharedSid;
import org.onemall.order.WeightSearch;
import org.onemall.shop.Scenario;
import org.onemall.statistics.Estimate;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/** A planted world: targets follow a known mix of the parts, so the best weights are known. */
class EvaluatorTest {
  private static final int ITEMS = 400;
  private static final int BEAM = 120;
  private static final float NONE = Float.NEGATIVE_INFINITY;

  /** Vectors, prices and past counts that say nothing about who takes what. */
  private static final Background BACKGROUND = background();

  private static Background background() {
    Tensor vectors = Tensor.allocate(new RootAllocator(), DType.FLOAT32, ITEMS, 3);
    for (long i = 0; i < vectors.size(); i++) {
      vectors.setFloat(i, (float) Math.sin(7.0 * i));
    }
    float[] prices = new float[ITEMS];
    for (int item = 0; item < ITEMS; item++) {
      prices[item] = item % 4;
    }
    int[] taken = IntStream.range(0, ITEMS).map(item -> item % 10).toArray();
    return new Background(50, taken, user -> user % 3 > 0, prices, vectors);
  }

  private static final EvaluateConfig CONFIG =
      new EvaluateConfig(
          List.of(10, 50, 100),
          List.of(10),
          200,
          List.of(-4.0, -1.0, -0.5, 0.0, 0.5, 1.0, 4.0),
          3,
          Map.of("HR@50", 0.1, "HR@10", 0.999),
          null);

  private static OrderConfig order(boolean frequency) {
    return new OrderConfig(
        BEAM,
        8,
        new OrderConfig.Parts(true, true, true, frequency),
        SharedSid.EQUAL,
        List.of(Scaling.STANDARD, Scaling.NATS),
        List.of(0.0, 0.25, 0.5, 1.0, 2.0, 4.0),
        1000,
        0,
        null);
  }

  /** One request of the world: its scores by part, and a case whose targets follow their mix. */
  @SuppressWarnings("ArrayRecordComponent") // Made once a test, never compared.
  private record World(JudgedRequest request, float[] retriever, float[] tower, float[] memory) {
    static World of(int row, long seed, double tower, double memory) {
      SplittableRandom random = new SplittableRandom(seed * 10_007 + row);
      float[][] parts = new float[3][ITEMS];
      for (float[] part : parts) {
        for (int item = 0; item < ITEMS; item++) {
          part[item] = (float) random.nextGaussian();
        }
      }
      int[] history = IntStream.range(0, 40).map(i -> i * 7 + row % 7).toArray();
      int[] targets =
          IntStream.range(0, ITEMS)
              .boxed()
              .sorted((a, b) ->
                  Double.compare(mix(parts, b, tower, memory), mix(parts, a, tower, memory)))
              .limit(30)
              .mapToInt(Integer::intValue)
              .toArray();
      return new World(
          new JudgedRequest(row, row / 2, row, history, targets), parts[0], parts[1], parts[2]);
    }

    private static double mix(float[][] parts, int item, double tower, double memory) {
      return parts[0][item] + tower * parts[1][item] + memory * (parts[2][item] + 3);
    }

    void fill(Candidates candidates) {
      candidates.clear();
      IntStream.range(0, ITEMS)
          .boxed()
          .sorted((a, b) -> Float.compare(retriever[b], retriever[a]))
          .forEach(item -> candidates.addSid(new int[] {item}, 0, 1, retriever[item]));
      for (int item : request.history()) {
        candidates.addHistory(item, NONE);
      }
      candidates.fill(Part.TOWER, item -> tower[item]);
      candidates.fill(Part.MEMORY, item -> memory[item] + 3);
      candidates.fill(Part.FREQUENCY, item -> item % 3);
      candidates.complete(0, NONE, NONE, SharedSid.EQUAL);
    }
  }

  private static FinalOrders choose(long seed, double tower, double memory, OrderConfig config) {
    WeightSearch search = new WeightSearch(config, Scenario.PRODUCT_CARD, 60, 2);
    Candidates candidates = new Candidates();
    for (int row = 0; row < 60; row++) {
      World world = World.of(1000 + row, seed, tower, memory);
      world.fill(candidates);
      search.add(row, world.request(), candidates);
    }
    return FinalOrders.choose(search, config);
  }

  @Test
  void findsPlantedWeights() {
    for (long seed = 0; seed < 4; seed++) {
      double tower = List.of(0.0, 0.5, 1.0, 2.0).get((int) seed);
      FinalOrder order = choose(seed, tower, 1.0, order(true)).onemall();
      assertThat(order.weights().get(Part.TOWER))
          .as("seed %d, planted %s, chosen %s", seed, tower, order)
          .isBetween(tower * 0.7 - 0.1, tower * 1.4 + 0.1);
      assertThat(order.weights().get(Part.MEMORY)).as("seed %d", seed).isBetween(0.7, 1.4);
      assertThat(order.weights().get(Part.FREQUENCY)).as("seed %d", seed).isLessThan(0.2);
    }
  }

  @Test
  void aPartThatIsOffHasNoWeight() {
    FinalOrders orders = choose(1, 1, 1, order(false));
    assertThat(orders.steps().keySet())
        .containsExactly("retriever", "retriever_tower", FinalOrders.ONEMALL);
    assertThat(orders.onemall().weights().get(Part.FREQUENCY)).isZero();
    assertThat(orders.validation().get("retriever")).isLessThan(orders.validation().get("onemall"));
  }

  private static Evaluation evaluate(int threads) throws InterruptedException {
    List<World> worlds = IntStream.range(0, 40).mapToObj(row -> World.of(row, 3, 1, 1)).toList();
    Evaluator evaluator =
        new Evaluator(
            CONFIG,
            choose(3, 1, 1, order(true)),
            worlds.stream().map(World::request).toList(),
            new Evaluator.Others(List.of("tower"), List.of("popularity")),
            BACKGROUND,
            _ -> Everything.with(IntStream.range(0, ITEMS).map(item -> item / 2).toArray()),
            11);
    List<Thread> running = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int first = thread;
      running.add(
          Thread.ofPlatform()
              .start(() -> {
                Evaluator.Worker worker = evaluator.worker();
                Candidates candidates = new Candidates();
                for (int row = first; row < worlds.size(); row += threads) {
                  World world = worlds.get(row);
                  world.fill(candidates);
                  worker.candidates(row, candidates);
                  worker.scores(row, "tower", world.tower());
                  worker.scores(row, "popularity", new float[ITEMS]);
                  evaluator.accuracy(row, new double[] {20, 10 + row % 5}, 30);
                }
              }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    return evaluator.result();
  }

  private static byte[] json(Evaluation evaluation) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    evaluation.write(out);
    return out.toByteArray();
  }

  @Test
  void threadsChangeNoByte() throws Exception {
    assertThat(json(evaluate(3))).isEqualTo(json(evaluate(1)));
  }

  @Test
  void writesTheKeysOfTheReport() throws Exception {
    JsonNode root = new ObjectMapper().readTree(json(evaluate(1)));
    for (String model :
        List.of("onemall", "retriever", "generator", "retriever_tower", "tower", "popularity")) {
      for (String metric :
          List.of("HR@10", "HR@50", "sid_HR@50", "new_HR@50", "repeat_HR@50", "NDCG@10")) {
        JsonNode figure = root.at("/models/%s/%s".formatted(model, metric));
        assertThat(figure.path("low").asDouble(2))
            .as("%s %s", model, metric)
            .isLessThanOrEqualTo(figure.path("value").asDouble())
            .isLessThanOrEqualTo(figure.path("high").asDouble());
      }
    }
    assertThat(root.at("/models/generator/Acc-SID1/value").asDouble()).isEqualTo(0.666667);
    assertThat(root.at("/models/popularity/HR@50/value").asDouble()).isEqualTo(50.0 / ITEMS);
    assertThat(root.at("/comparisons/0/verdict").asText()).isEqualTo("better");
    assertThat(root.at("/contributions/0/model").asText()).isEqualTo("generator");
    assertThat(root.at("/orders/onemall/weights/retriever").asDouble()).isEqualTo(1);
    assertThat(root.at("/goals/HR@50/met").asBoolean()).isTrue();
    assertThat(root.at("/goals/HR@10/met").asBoolean(true)).isFalse();
    assertThat(root.path("samples")).hasSize(3);
    assertThat(root.at("/samples/0/recommendations")).hasSize(20);
    assertThat(root.at("/samples/0/parts/retriever")).hasSize(20);
    assertThat(root.at("/counts/users").asInt()).isEqualTo(20);
    assertThat(root.at("/counts/candidates").asInt()).isEqualTo(ITEMS);
    assertThat(root.at("/detail/slices/0/by").asText()).isEqualTo("history");
    assertThat(root.at("/detail/slices/0/comparisons/0/baseline").asText()).isEqualTo("popularity");
    assertThat(root.at("/detail/revenue/onemall/value").asDouble()).isPositive();
    assertThat(root.at("/detail/lists/popularity/coverage").asDouble()).isEqualTo(50.0 / ITEMS);
  }

  @Test
  void exploreMovesAlongTheFrontier() throws Exception {
    List<Evaluation.FrontierPoint> points = evaluate(1).frontier();
    for (int i = 1; i < points.size(); i++) {
      Evaluation.FrontierPoint before = points.get(i - 1);
      Evaluation.FrontierPoint now = points.get(i);
      assertThat(value(now.fresh())).isGreaterThanOrEqualTo(value(before.fresh()));
      assertThat(value(now.repeats())).isLessThanOrEqualTo(value(before.repeats()));
    }
    assertThat(value(points.getLast().fresh())).isGreaterThan(value(points.getFirst().fresh()));
  }

  private static double value(@org.jspecify.annotations.Nullable Estimate estimate) {
    return estimate == null ? Double.NaN : estimate.value();
  }

  @Test
  void everyModelMustMeasureEveryRequest() {
    Evaluator evaluator =
        new Evaluator(
            CONFIG,
            choose(1, 1, 1, order(true)),
            List.of(World.of(0, 1, 1, 1).request()),
            new Evaluator.Others(List.of(), List.of("popularity")),
            BACKGROUND,
            _ -> Everything.with(new int[ITEMS]),
            1);
    evaluator.worker().scores(0, "popularity", new float[ITEMS]);
    assertThatThrownBy(evaluator::result).hasMessageContaining("did not measure request 0 of 1");
    assertThatThrownBy(() -> evaluator.worker().scores(0, "markov", new float[ITEMS]))
        .hasMessageContaining("no model 'markov'");
  }
}
