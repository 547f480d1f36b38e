package org.onemall.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.evaluate.Comparison;
import org.onemall.evaluate.Evaluation;
import org.onemall.shop.Scenario;
import org.onemall.statistics.Estimate;
import org.onemall.statistics.Verdict;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/** The artefacts of a run that never happened, with figures of a likely size. */
final class FakeRun {
  static final int ITEMS = 1_500;
  static final String HOSTILE =
      "</script><img src=x onerror=alert(1)><!-- \" ' & {{data}} \u2028 $1 \\";

  private static final List<String> COLOURS =
      List.of("RED", "WHITE", "VINTAGE", "PINK", "SILVER", "BLUE", "RETROSPOT", "IVORY");
  private static final List<String> KINDS =
      List.of("TEA LIGHT HOLDER", "CAKE STAND", "LUNCH BAG", "ALARM CLOCK", "BIRD ORNAMENT", "MUG");
  private static final List<String> MORE =
      List.of("SET OF 6", "LARGE", "SMALL", "HANGING", "GLASS");

  private final Path folder;
  private final SplittableRandom random;

  FakeRun(Path folder, long seed) {
    this.folder = folder;
    random = new SplittableRandom(seed);
  }

  /** A report of the whole run, or of one that stopped after ingest. */
  ReportData report(boolean whole, BufferAllocator allocator) throws IOException {
    ObjectMapper json = new ObjectMapper();
    String config =
        """
        name: online_retail
        seed: 7
        device: auto
        scenarios:
        - product_card
        evaluate:
          beam_size: 512
          hit_cutoffs: [10, 50, 100, 500]
          explore: 0.0
        """;
    ReportData data =
        new ReportData(
            "online_retail " + HOSTILE,
            7,
            config + "# " + HOSTILE,
            new TreeMap<>(Map.of("java", "25.0.1", "onemall", "0.1.0")));
    ReportData.Artefacts artefacts =
        whole
            ? new ReportData.Artefacts(
                write("scorecard.json", SCORECARD),
                write("training.json", training(json)),
                evaluation(),
                semanticIds(allocator),
                null,
                null)
            : new ReportData.Artefacts(null, null, null, null, null, null);
    data.scenario(Scenario.PRODUCT_CARD, artefacts, allocator);
    data.shared(
        new ReportData.Shared(
            write("funnel.json", FUNNEL),
            write("periods.json", PERIODS),
            null,
            whole ? items(allocator) : null,
            whole ? users(allocator) : null,
            null,
            null),
        path -> {
          throw new IOException(path + ": this catalogue has no pictures");
        },
        allocator);
    return data;
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private int kind(int item) {
    return item % KINDS.size();
  }

  private Path items(BufferAllocator allocator) throws IOException {
    Path file = folder.resolve("items.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      for (int item = 0; item < ITEMS; item++) {
        String title =
            MORE.get(item / 48 % MORE.size())
                + " "
                + COLOURS.get(item / 6 % COLOURS.size())
                + " "
                + KINDS.get(kind(item))
                + " "
                + item;
        writer
            .setInt(0, item)
            .setString(1, "SKU" + item)
            .setString(2, "product_card")
            .setString(3, item == 3 ? HOSTILE : title)
            .setString(4, null)
            .setFloat(5, 1 + item % 17 * .45f)
            .setString(6, null)
            .setLong(7, 0);
        writer.endRow();
      }
    }
    return file;
  }

  Path users(BufferAllocator allocator) throws IOException {
    Path file = folder.resolve("users.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.USERS.schema(0), out, allocator)) {
      for (int user = 0; user < 900; user++) {
        writer.setInt(0, user).setString(1, String.valueOf(12_000 + user)).endRow();
      }
    }
    return file;
  }

  private Path semanticIds(BufferAllocator allocator) throws IOException {
    Path file = folder.resolve("semantic_ids.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.SEMANTIC_IDS.schema(3), out, allocator)) {
      for (int item = 0; item < ITEMS; item++) {
        int first = kind(item) * 10 + (int) (Math.pow(random.nextDouble(), 2) * 10);
        int[] codes = {first, item / 6 % 8 * 8 + random.nextInt(3), random.nextInt(64)};
        writer.setInt(0, item).setLong(1, 0).setCodes(2, new int[] {0, 0, 0}).endRow();
        writer.setInt(0, item).setLong(1, 5).setCodes(2, codes).endRow();
      }
    }
    return file;
  }

  String training(ObjectMapper json) throws IOException {
    ObjectNode root = json.createObjectNode();
    ArrayNode steps = root.putArray("steps");
    for (int step = 20; step <= 1_600; step += 20) {
      double loss = 9.1 * Math.exp(-step / 500.0) + 7.4 + random.nextDouble(-.12, .12);
      ObjectNode figures = steps.addObject().put("step", step).putObject("figures");
      figures.put("loss", loss + 2.1).put("ntp_loss", loss);
      figures.put("contrastive_loss", 2.1 + 2 * Math.exp(-step / 300.0));
      figures.put("max_violation", .9 * Math.exp(-step / 250.0) + .08 + random.nextDouble(.03));
    }
    ArrayNode validations = root.putArray("validations");
    for (int epoch = 0; epoch < 10; epoch++) {
      double done = 1 - Math.exp(-(epoch + 1) / 3.0);
      ObjectNode point = validations.addObject().put("step", (epoch + 1) * 160).put("epoch", epoch);
      point.put("loss", 9.9 - 1.6 * done + Math.max(0, epoch - 7) * .05);
      point.putArray("acc_sid").add(.14 * done).add(.37 * done).add(.55 * done);
    }
    root.put("best_epoch", 7);
    root.putObject("parameters").put("total", 1_843_212).put("active", 612_300);
    return json.writeValueAsString(root);
  }

  /** By model: HR@50 of all, of repeats and of new targets. */
  private static final Map<String, double[]> MODELS = new LinkedHashMap<>();

  static {
    MODELS.put("onemall", new double[] {.301, .552, .051});
    MODELS.put("retriever_tower_memory", new double[] {.297, .526, .065});
    MODELS.put("retriever_tower", new double[] {.292, .528, .055});
    MODELS.put("retriever", new double[] {.267, .451, .082});
    MODELS.put("generator", new double[] {.134, .148, .120});
    MODELS.put("tower", new double[] {.279, .501, .058});
    MODELS.put("item_knn", new double[] {.283, .540, .023});
    MODELS.put("markov", new double[] {.214, .380, .041});
    MODELS.put("popularity", new double[] {.112, .145, .081});
    MODELS.put("recent_popularity", new double[] {.136, .178, .094});
    MODELS.put("personal_frequency", new double[] {.277, .535, .017});
  }

  private static Estimate around(double value, double width) {
    return new Estimate(value, value - width, value + width);
  }

  private static Map<String, Estimate> figures(double[] at50) {
    Map<String, Estimate> figures = new LinkedHashMap<>();
    int[] cutoffs = {10, 50, 100, 500};
    double[] grows = {.37, 1, 1.36, 2.35};
    String[] kinds = {"HR", "repeat_HR", "new_HR", "sid_HR", "history_shelf_HR", "new_shelf_HR"};
    double[] sizes = {at50[0], at50[1], at50[2], at50[0] * 1.04, at50[1] * 1.06, at50[2] + .07};
    for (int kind = 0; kind < kinds.length; kind++) {
      for (int k = 0; k < cutoffs.length; k++) {
        double value = Math.min(.97, sizes[kind] * grows[k]);
        figures.put(kinds[kind] + "@" + cutoffs[k], around(value, .008 + .01 * value));
      }
    }
    figures.put("NDCG@10", around(at50[0] * .62, .006));
    return figures;
  }

  private static Comparison compare(String model, String other, String metric, double difference) {
    Estimate estimate = around(difference, .007);
    Verdict verdict =
        estimate.low() > 0
            ? Verdict.BETTER
            : estimate.high() < 0 ? Verdict.WORSE : Verdict.WITHIN_NOISE;
    return new Comparison(model, other, metric, estimate, verdict);
  }

  private static double value(Map<String, Estimate> figures, String metric) {
    Estimate estimate = figures.get(metric);
    return estimate == null ? 0 : estimate.value();
  }

  Path evaluation() throws IOException {
    Map<String, Map<String, Estimate>> models = new LinkedHashMap<>();
    MODELS.forEach((model, at50) -> models.put(model, figures(at50)));
    Map<String, Estimate> own = models.getOrDefault("onemall", Map.of());
    Map<String, Estimate> generator = models.getOrDefault("generator", new LinkedHashMap<>());
    List<Double> accuracies = List.of(.141, .372, .554);
    for (int level = 0; level < accuracies.size(); level++) {
      generator.put("Acc-SID" + (level + 1), around(accuracies.get(level), .006));
    }
    List<String> baselines =
        List.of("item_knn", "markov", "popularity", "recent_popularity", "personal_frequency");
    List<Comparison> comparisons = new ArrayList<>();
    for (String baseline : baselines) {
      Map<String, Estimate> other = models.getOrDefault(baseline, Map.of());
      own.forEach((metric, estimate) ->
          comparisons.add(
              compare("onemall", baseline, metric, estimate.value() - value(other, metric))));
    }
    List<String> ladder =
        List.of("generator", "retriever", "retriever_tower", "retriever_tower_memory", "onemall");
    List<String> adds = List.of("generator", "pointer", "tower", "memory", "frequency");
    List<Evaluation.Contribution> steps = new ArrayList<>();
    for (int step = 0; step < ladder.size(); step++) {
      List<Comparison> gains = new ArrayList<>();
      if (step > 0) {
        Map<String, Estimate> now = models.getOrDefault(ladder.get(step), Map.of());
        Map<String, Estimate> before = models.getOrDefault(ladder.get(step - 1), Map.of());
        for (String metric : own.keySet()) {
          gains.add(
              compare(
                  ladder.get(step),
                  ladder.get(step - 1),
                  metric,
                  value(now, metric) - value(before, metric)));
        }
      }
      steps.add(new Evaluation.Contribution(ladder.get(step), adds.get(step), gains));
    }
    List<Evaluation.FrontierPoint> frontier = new ArrayList<>();
    for (double bonus : new double[] {-2, -1, -.5, -.25, 0, .25, .5, 1, 2, 4}) {
      double share = 1 / (1 + Math.exp(-1.4 * (bonus - .9)));
      double repeats = .562 * (1 - Math.pow(share, 2.2));
      double fresh = .015 + .122 * Math.sqrt(share);
      frontier.add(
          new Evaluation.FrontierPoint(
              bonus,
              around((repeats + fresh) / 2, .009),
              around(repeats, .012),
              around(fresh, .006)));
    }
    Evaluation evaluation =
        new Evaluation(
            new Evaluation.Counts(2_272, 1_318, 50_521, 25_413, 25_108, 3_512),
            models,
            baselines,
            Map.of("HR@50", new Evaluation.Goal(.295, .301, true)),
            steps,
            comparisons,
            Map.of(
                "onemall",
                new Evaluation.Order(
                    "standard",
                    new TreeMap<>(
                        Map.of("retriever", 1.0, "tower", .75, "memory", .5, "frequency", .25)),
                    0,
                    .36)),
            frontier,
            List.of(),
            detail(baselines),
            IntStream.range(0, 10).mapToObj(i -> sample(i * 37)).toList());
    Path file = folder.resolve("evaluation.json");
    try (OutputStream out = Files.newOutputStream(file)) {
      evaluation.write(out);
    }
    return file;
  }

  /** The whole model wins everywhere but on new items, where popularity does. */
  private static Evaluation.Detail detail(List<String> baselines) {
    Map<String, List<String>> slices = new LinkedHashMap<>();
    slices.put("history", List.of("0", "1-4", "5-19", "20-99", "100+"));
    slices.put("user", List.of("known", "new"));
    slices.put("item", List.of("head", "torso", "tail", "new"));
    slices.put("week", List.of("1", "2", "3", "4", "5", "6"));
    List<Evaluation.Slice> found = new ArrayList<>();
    slices.forEach((by, names) -> {
      for (String name : names) {
        double lost = by.equals("item") ? .06 * names.indexOf(name) : .01 * names.indexOf(name);
        Map<String, Estimate> models = new LinkedHashMap<>();
        MODELS.forEach((model, at50) ->
            models.put(model, around(Math.max(.02, at50[0] - lost * at50[0] / .2), .01)));
        List<Comparison> comparisons =
            baselines.stream().map(other -> compare("onemall", other, name, .05 - lost)).toList();
        found.add(new Evaluation.Slice(by, name, 50_521 / names.size(), models, comparisons));
      }
    });
    Map<String, Estimate> revenue = new LinkedHashMap<>();
    Map<String, Evaluation.Lists> lists = new LinkedHashMap<>();
    MODELS.forEach((model, at50) -> {
      revenue.put(model, around(at50[0] * .9, .02));
      lists.put(model, new Evaluation.Lists(at50[0], 1 - at50[0], 9 + at50[2], .5 + at50[2]));
    });
    return new Evaluation.Detail(50, 3_600, found, revenue, lists);
  }

  private Evaluation.Sample sample(int user) {
    List<Integer> history = draw(35);
    List<Integer> truth = new ArrayList<>(history.subList(5, 9));
    truth.addAll(draw(6).stream().filter(item -> !truth.contains(item)).toList());
    List<Integer> recommendations = new ArrayList<>(history.subList(4, 14));
    recommendations.add(3);
    draw(30).stream()
        .filter(item -> !recommendations.contains(item))
        .limit(9)
        .forEach(recommendations::add);
    Map<String, List<Double>> parts = new LinkedHashMap<>();
    for (String part : List.of("retriever", "tower", "memory")) {
      parts.put(
          part, IntStream.range(0, recommendations.size()).mapToObj(i -> 2 - i / 8.0).toList());
    }
    return new Evaluation.Sample(
        user,
        user,
        1_321_000_000_000L + user * 10_000_000L,
        history,
        recommendations,
        parts,
        truth);
  }

  private List<Integer> draw(int count) {
    return random.ints(0, ITEMS).distinct().limit(count).boxed().toList();
  }

  private static final String FUNNEL =
      """
      {"rows_read": 541909, "refused": {"missing_user": 135080, "return": 8905, "no_price": 40,
       "excluded_item": 1620, "rare_item": 3044, "broken_price": 0}, "rows_merged": 10147,
       "interactions": 383073, "amount": 8300000.0, "items": 3684, "users": 4324,
       "one_request_users": 1500, "requests": 18402, "periods": {
        "train": {"requests": 14311, "interactions": 290211, "users": 3811, "new_users": 3811, "new_items": 3501},
        "validation": {"requests": 1819, "interactions": 42340, "users": 1372, "new_users": 290, "new_items": 120},
        "test": {"requests": 2272, "interactions": 50521, "users": 1318, "new_users": 223, "new_items": 63}}}
      """;
  static final String PERIODS =
      """
      {"first_ms": 1291191960000, "validation_from_ms": 1318510000000, "test_from_ms": 1320929200000,
       "last_ms": 1323348600000, "snapshots_ms": [1318510000000, 1320929200000]}
      """;
  private static final String SCORECARD =
      """
      {"items": 3684, "sizes": [64, 64, 64], "moved": 958,
       "before": {"sids": 3102, "conflict": 0.26, "exclusive": 0.871, "levels": []},
       "after": {"sids": 3684, "conflict": 0.0, "exclusive": 1.0, "levels": [
        {"used": 64, "use": 1.0, "entropy": 5.61, "gini": 0.38, "neighbour_agreement": 0.61},
        {"used": 64, "use": 1.0, "entropy": 5.72, "gini": 0.33, "neighbour_agreement": 0.24},
        {"used": 64, "use": 1.0, "entropy": 5.93, "gini": 0.17, "neighbour_agreement": 0.04}]}}
      """;
}
