package org.onemall.orchestrator.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.Fakes;
import org.onemall.orchestrator.pipeline.LazyModels;
import org.onemall.orchestrator.pipeline.Pipeline;
import org.onemall.orchestrator.pipeline.Plan;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.RunDraft;
import org.onemall.orchestrator.pipeline.Runner;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.orchestrator.pipeline.StageException;
import org.onemall.orchestrator.pipeline.Step;
import org.onemall.orchestrator.stages.StandardPipeline;
import org.onemall.reproduce.Experiment;
import org.onemall.reproduce.Experiment.Claim;
import org.onemall.reproduce.Experiment.Figure;
import org.onemall.reproduce.Experiment.Variant;
import org.onemall.run.Artefact;
import org.onemall.run.RunFolder;
import org.onemall.run.Sha256;
import org.onemall.shop.Scenario;
import org.onemall.shop.ShopSize;

/** Fake stages: {@code learn} depends on the variant (its threads), {@code judge} on all. */
class ReproductionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Experiment EXPERIMENT =
      new Experiment(
          "table",
          "fakes",
          List.of(Scenario.PRODUCT_CARD, Scenario.LIVE_STREAMING),
          List.of(
              new Variant("plain", "plain", List.of("threads=1")),
              new Variant("good", "good", List.of("threads=2")),
              new Variant("late", "late", List.of("threads=2", "device=cuda"))),
          List.of(new Figure("HR", Artefact.EVALUATION, "/hr")),
          List.of(
              new Claim("better", "good", "plain", "HR", true),
              new Claim("worse", "good", "plain", "HR", false)),
          List.of());

  @TempDir Path folder;

  private final List<String> ran = new ArrayList<>();
  private @Nullable String failsAt;

  private record FakeStage(
      String name,
      boolean perScenario,
      List<Artefact> reads,
      List<Artefact> writes,
      Function<RunConfig, Object> part,
      Fakes.Work work)
      implements Stage {
    @Override
    public Declaration declaration() {
      return new Declaration(name, perScenario, reads, writes);
    }

    @Override
    public Object settings(RunConfig config) {
      return part.apply(config);
    }

    @Override
    public void run(StageContext context) throws IOException {
      work.run(context);
    }
  }

  private Stage stage(
      String name,
      boolean perScenario,
      List<Artefact> reads,
      Artefact writes,
      Function<RunConfig, Object> settings) {
    return new FakeStage(
        name,
        perScenario,
        reads,
        List.of(writes),
        settings,
        context -> {
          String step = perScenario ? name + "." + context.scenario().key() : name;
          step += " " + settings.apply(context.config()) + " seed " + context.seed();
          if (step.equals(failsAt)) {
            throw new IOException("killed");
          }
          ran.add(step);
          StringBuilder content = new StringBuilder(step);
          for (Artefact read : reads) {
            content.append(Sha256.of(context.file(read)));
          }
          String text =
              writes == Artefact.EVALUATION
                  ? "{\"hr\": %s}".formatted(context.config().threads() * .1 + context.seed() * .01)
                  : content.toString();
          try (OutputStream out = context.create(writes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  private Pipeline pipeline() {
    return new Pipeline(
        List.of(
            stage("read", false, List.of(), Artefact.INTERACTIONS, config -> 0),
            stage(
                "unused",
                false,
                List.of(Artefact.INTERACTIONS),
                Artefact.TOWER_EMBEDDINGS,
                config -> 0),
            stage(
                "learn",
                true,
                List.of(Artefact.INTERACTIONS),
                Artefact.RETRIEVER,
                RunConfig::threads),
            stage(
                "judge",
                true,
                List.of(Artefact.RETRIEVER),
                Artefact.EVALUATION,
                config -> config.device() + " " + config.threads()),
            stage("report", false, List.of(Artefact.EVALUATION), Artefact.REPORT, config -> 0)));
  }

  private RunConfig config(List<String> overrides) {
    List<String> all = new ArrayList<>(List.of("name=fake", "seed=1", "device=cpu", "threads=0"));
    all.addAll(overrides);
    Map<String, String> values = new TreeMap<>();
    all.forEach(set -> values.put(set.split("=", 2)[0], set.split("=", 2)[1]));
    return Fakes.config(values, Scenario.PRODUCT_CARD, Scenario.LIVE_STREAMING);
  }

  private Reproduction reproduction(RunFolder... others) {
    return new Reproduction(
        EXPERIMENT,
        this::config,
        List.of(1L, 2L, 3L),
        pipeline(),
        folder.resolve("out"),
        List.of(others),
        Fakes.CODE);
  }

  private String run() throws Exception {
    ran.clear();
    try (LazyModels models = new LazyModels(() -> null)) {
      return reproduction().run(models);
    }
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.toString().matches(".*(bin|manifest.json|evaluation.json|table.*)")) {
          hashes.put(folder.relativize(file).toString(), Sha256.of(file));
        }
      }
    }
    return hashes;
  }

  @Test
  void nothingRunsTwice() throws Exception {
    run();
    assertThat(new HashSet<>(ran)).as("each of its settings and seed once").hasSameSizeAs(ran);
    assertThat(ran)
        .filteredOn(step -> step.startsWith("read"))
        .as("shared by all")
        .containsExactly("read 0 seed 1");
    assertThat(ran)
        .filteredOn(step -> step.startsWith("learn.product_card"))
        .as("two rows share it")
        .hasSize(2 * 3);
    assertThat(ran).filteredOn(step -> step.startsWith("judge.live_streaming")).hasSize(3 * 3);
    assertThat(ran).noneMatch(step -> step.startsWith("unused") || step.startsWith("report"));
    assertThat(new RunFolder(folder.resolve("out/good.seed-3")).check()).isEmpty();
    run();
    assertThat(ran).isEmpty();
  }

  @Test
  void aKilledReproductionGoesOn() throws Exception {
    failsAt = "judge.product_card CUDA 2 seed 2";
    assertThatThrownBy(this::run).hasMessageContaining("judge.product_card failed: killed");
    Set<String> before = new HashSet<>(ran);
    assertThat(before).hasSizeGreaterThan(10);
    assertThat(folder.resolve("out/table.json")).doesNotExist();
    failsAt = null;
    run();
    assertThat(ran).doesNotContainAnyElementsOf(before).isNotEmpty();
    Map<String, String> resumed = files();
    try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
      for (Path file : files.sorted().toList().reversed()) {
        Files.delete(file);
      }
    }
    run();
    assertThat(files()).isEqualTo(resumed);
  }

  @Test
  void theTableIsWritten() throws Exception {
    String text = run();
    assertThat(folder.resolve("out/table.md")).content().isEqualTo(text);
    JsonNode table = JSON.readTree(Files.readString(folder.resolve("out/table.json")));
    assertThat(table.path("rows")).hasSize(2 * 3);
    assertThat(table.at("/rows/1/figures/HR/mean").asDouble()).isEqualTo(.2 + .02);
    assertThat(table.path("claims").findValuesAsText("verdict"))
        .containsExactly("holds", "does not hold", "holds", "does not hold");
  }

  @Test
  void whatIsLeftIsSaidBeforehand() throws Exception {
    List<String> lines = reproduction().describe();
    assertThat(lines).hasSize(1 + 9 + 1);
    assertThat(lines.getFirst()).contains("base", "1 steps, 1 of its own, 1 to do", "never timed");
    assertThat(lines.get(1)).contains("plain.seed-1", "5 steps, 4 of its own, 4 to do");
    assertThat(lines.get(3)).contains("late.seed-1", "5 steps, 2 of its own, 2 to do");
    assertThat(lines.getLast()).startsWith("0 of 31 steps are done; 31 steps");
    assertThat(folder.resolve("out")).doesNotExist();
    failsAt = "judge.product_card CUDA 2 seed 2";
    assertThatThrownBy(this::run).isInstanceOf(StageException.class);
    assertThat(reproduction().describe().getLast())
        .startsWith("%d of 31 steps are done; about 0 s left of about ".formatted(ran.size()));
    failsAt = null;
    run();
    assertThat(reproduction().describe().getLast()).isEqualTo("all 31 steps are done");
  }

  @Test
  void anotherRunsStagesAreTakenOver() throws Exception {
    RunFolder other = new RunFolder(folder.resolve("other"));
    RunConfig config = config(List.of());
    Plan plan = new Plan(config, other, pipeline(), Fakes.CODE);
    try (LazyModels models = new LazyModels(() -> null)) {
      new Runner(config, other, plan, models).run(99, plan.index("judge", true, 0));
      ran.clear();
      reproduction(other).run(models);
    }
    assertThat(ran).isNotEmpty().noneMatch(step -> step.startsWith("read"));
    Path taken = folder.resolve("out/base/01-read/interactions.arrow");
    assertThat(taken).hasSameBinaryContentAs(folder.resolve("other/01-read/interactions.arrow"));
    byte[] whole = Fakes.flipOneBit(taken, 5);
    Files.write(folder.resolve("other/01-read/interactions.arrow"), whole);
    run();
    assertThat(taken).as("a damaged file is healed").hasBinaryContent(whole);
  }

  @Test
  void seedsAreChecked() {
    assertThat(Reproduction.seeds("3, 1,2")).containsExactly(3L, 1L, 2L);
    for (String bad : new String[] {"1,2", "", "1,2,x", "1,2,2", "1,1,1,2,3"}) {
      assertThatThrownBy(() -> Reproduction.seeds(bad)).hasMessageContaining("--seeds: expected");
    }
  }

  @Test
  void theModelSeedIsOfWhatIsLearned() throws Exception {
    RunConfig standard =
        RunDraft.read(Path.of("../configs/online_retail.yaml"), List.of("model_seed=7"))
            .resolve(ShopSize.UNKNOWN)
            .config();
    for (Step step : StandardPipeline.create().steps(standard.scenarios())) {
      boolean learned =
          List.of("represent", "codebook", "semanticid", "pretrain", "order", "evaluate")
              .contains(step.stage().name());
      assertThat(step.seed(standard)).as(step.name()).isEqualTo(learned ? 7 : 1);
    }
    Experiment table5 = Experiments.of("table5", standard);
    assertThat(table5.variants().getFirst().overrides())
        .contains(
            "codebook.sizes=[64, 64, 64]",
            "codebook.last=kmeans",
            "semanticid.conflicts=keep",
            "pretrain.retriever.contrastive_weight=0");
    assertThat(table5.claims()).hasSize(8);
    assertThatThrownBy(() -> Experiments.of("moving_sids", standard))
        .hasMessageContaining("expected live_streaming among the config's scenarios");
    for (Variant variant : table5.variants()) {
      RunConfig row =
          RunDraft.read(Path.of("../configs/online_retail.yaml"), variant.overrides())
              .resolve(ShopSize.UNKNOWN)
              .config();
      assertThat(row.pretrain().retriever().contrastiveWeight())
          .isEqualTo(variant.key().equals("contrastive") ? 2 : 0);
    }
  }
}
