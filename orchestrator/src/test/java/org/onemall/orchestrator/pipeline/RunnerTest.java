package org.onemall.orchestrator.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.orchestrator.pipeline.Fakes.FakeStage;
import org.onemall.orchestrator.pipeline.Fakes.Work;
import org.onemall.run.Artefact;
import org.onemall.run.CodeVersion;
import org.onemall.run.RunFolder;
import org.onemall.run.Sha256;
import org.onemall.shop.Scenario;
import org.slf4j.LoggerFactory;

class RunnerTest {
  private static final List<Scenario> BOTH =
      List.of(Scenario.PRODUCT_CARD, Scenario.LIVE_STREAMING);

  @TempDir Path folder;

  private final List<String> ran = new ArrayList<>();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final List<FakeStage> stages = new ArrayList<>();
  private long seed = 1;
  private CodeVersion code = Fakes.CODE;
  private Path source;
  private Path run;

  @BeforeEach
  void setUp() throws IOException {
    source = Files.writeString(folder.resolve("log.csv"), "a,b");
    run = folder.resolve("run");
    stages.add(
        stage(
            "read",
            false,
            List.of(),
            List.of(Artefact.INTERACTIONS, Artefact.USERS),
            List.of(source)));
    stages.add(
        stage(
            "cook",
            true,
            List.of(Artefact.INTERACTIONS),
            List.of(Artefact.ITEM_VECTORS),
            List.of()));
    stages.add(
        stage(
            "taste",
            true,
            List.of(Artefact.ITEM_VECTORS, Artefact.USERS),
            List.of(Artefact.EVALUATION),
            List.of()));
    stages.add(
        stage(
            "tell",
            false,
            List.of(Artefact.INTERACTIONS),
            List.of(Artefact.REPORT_PAGE),
            List.of()));
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void tearDown() {
    logger().detachAppender(log);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(Runner.class);
  }

  private FakeStage stage(
      String name,
      boolean perScenario,
      List<Artefact> reads,
      List<Artefact> writes,
      List<Path> files) {
    FakeStage[] self = new FakeStage[1];
    Work work =
        context -> {
          ran.add(perScenario ? name + "." + context.scenario().key() : name);
          Fakes.copy(self[0], context);
        };
    self[0] = new FakeStage(name, perScenario, reads, writes, new AtomicInteger(), files, work);
    return self[0];
  }

  private void replace(int index, Work work) {
    FakeStage old = stages.get(index);
    stages.set(
        index,
        new FakeStage(
            old.name(),
            old.perScenario(),
            old.reads(),
            old.writes(),
            old.settings(),
            old.files(),
            work));
  }

  private Plan plan(Scenario... scenarios) {
    Pipeline pipeline = new Pipeline(List.copyOf(stages));
    return new Plan(Fakes.config(seed, scenarios), new RunFolder(run), pipeline, code);
  }

  private List<String> run(@Nullable String from, @Nullable String to, Scenario... scenarios)
      throws Exception {
    ran.clear();
    log.list.clear();
    Plan plan = plan(scenarios);
    int last = plan.steps().size() - 1;
    try (LazyModels models = new LazyModels(() -> null)) {
      new Runner(Fakes.config(seed, scenarios), new RunFolder(run), plan, models)
          .run(plan.index(from, false, last + 1), plan.index(to, true, last));
    }
    return List.copyOf(ran);
  }

  private List<String> run() throws Exception {
    return run(null, null, Scenario.PRODUCT_CARD);
  }

  private Map<String, String> artefacts() throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.toString().matches(".*\\.(arrow|html)|.*(manifest|evaluation).json")) {
          hashes.put(run.relativize(file).toString(), Sha256.of(file));
        }
      }
    }
    return hashes;
  }

  private List<String> messages() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void aSecondRunDoesNothing() throws Exception {
    assertThat(run()).containsExactly("read", "cook.product_card", "taste.product_card", "tell");
    Map<String, String> first = artefacts();
    assertThat(first)
        .containsKeys(
            "01-read/interactions.arrow",
            "03-taste.product_card/evaluation.json",
            "04-tell/report.html");
    assertThat(run()).isEmpty();
    assertThat(artefacts()).isEqualTo(first);
    assertThat(new RunFolder(run).check()).isEmpty();
    assertThat(run.resolve("config.yaml")).content().contains("name: test");
    assertThat(run.resolve("01-read/provenance.json"))
        .content()
        .contains("\"wall_s\"", "\"cpu_s\"", "\"seed\" : 1", "\"java\"");
  }

  @Test
  void scenariosRunOneAfterTheOther() throws Exception {
    assertThat(run(null, null, BOTH.toArray(Scenario[]::new)))
        .containsExactly(
            "read",
            "cook.product_card",
            "taste.product_card",
            "cook.live_streaming",
            "taste.live_streaming",
            "tell");
  }

  @Test
  void changesReachOnlyWhatDependsOnThem() throws Exception {
    run();
    stages.get(1).settings().set(1);
    assertThat(run()).containsExactly("cook.product_card", "taste.product_card");
    stages.get(3).settings().set(1);
    assertThat(run()).containsExactly("tell");
    Files.writeString(source, "a,c");
    assertThat(run()).as("its output stays the same").containsExactly("read");
    seed = 2;
    assertThat(run()).hasSize(4);
  }

  @Test
  void otherCodeMakesEverythingAgainAndSaysSo() throws Exception {
    run();
    code = new CodeVersion("upgraded", false);
    String reason = "it was made by another version of the code (test, this is upgraded)";
    assertThat(plan(Scenario.PRODUCT_CARD).describe(4, 3).getFirst())
        .contains("01-read", "would run: " + reason);
    assertThat(run()).hasSize(4);
    assertThat(messages())
        .anyMatch(line -> line.contains("{test=[01-read, 02-cook.product_card"))
        .contains("1 of 4 read: runs, " + reason);
    assertThat(run.resolve("04-tell/provenance.json"))
        .content()
        .contains("\"code\" : \"upgraded\"");
    assertThat(run()).isEmpty();
    assertThat(messages()).noneMatch(line -> line.contains("other versions"));
  }

  @Test
  void whatOtherCodeMadeIsKeptOnRequestAndRecorded() throws Exception {
    run();
    Map<String, String> first = artefacts();
    code = new CodeVersion("upgraded", true);
    assertThat(run()).isEmpty();
    assertThat(artefacts()).isEqualTo(first);
    assertThat(messages()).anyMatch(line -> line.contains("they are kept, as --keep-artefacts"));

    stages.get(2).settings().set(1);
    assertThat(run()).containsExactly("taste.product_card");
    assertThat(run.resolve("03-taste.product_card/provenance.json"))
        .content()
        .contains("\"01-read\" : \"test\"", "\"02-cook.product_card\" : \"test\"");
    assertThat(new RunFolder(run).versions()).containsOnlyKeys("test", "upgraded");

    code = new CodeVersion("upgraded", false);
    assertThat(run())
        .as("all but what it made")
        .containsExactly("read", "cook.product_card", "tell");
    assertThat(new RunFolder(run).check()).isEmpty();
  }

  @Test
  void aFlippedBitIsNamedAndHealed() throws Exception {
    run();
    Map<String, String> whole = artefacts();
    int bit = 0;
    for (String name : whole.keySet()) {
      bit += 7919;
      Fakes.flipOneBit(run.resolve(name), bit);
      assertThat(new RunFolder(run).check()).as("%s, bit %d", name, bit).isNotEmpty();
      List<String> again = run();
      assertThat(again).as("%s, bit %d", name, bit).hasSize(1);
      assertThat(messages())
          .as("%s, bit %d", name, bit)
          .anyMatch(line -> line.contains(run.resolve(name) + " is damaged"));
      assertThat(artefacts()).isEqualTo(whole);
    }
  }

  @Test
  void fromRunsAgainAndToStops() throws Exception {
    assertThat(run(null, "cook", Scenario.PRODUCT_CARD))
        .containsExactly("read", "cook.product_card");
    assertThat(run("cook", "taste", Scenario.PRODUCT_CARD))
        .containsExactly("cook.product_card", "taste.product_card");
    assertThat(run(null, null, Scenario.PRODUCT_CARD)).containsExactly("tell");
    assertThat(run("taste", null, Scenario.PRODUCT_CARD))
        .containsExactly("taste.product_card", "tell");
    assertThatThrownBy(() -> run("tast", null, Scenario.PRODUCT_CARD))
        .hasMessageContaining("there is no stage 'tast'; there are [read, cook, taste, tell]");
  }

  @Test
  void dryRunSaysWhatAndWhyAndTouchesNothing() throws Exception {
    Plan plan = plan(Scenario.PRODUCT_CARD);
    assertThat(plan.describe(4, 3))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .contains("01-read", "would run: it didn't finish yet", "about a second"),
            line -> assertThat(line).contains("02-cook.product_card", "would run: after [read]"),
            line -> assertThat(line).contains("would run: after [cook.product_card, read]"),
            line -> assertThat(line).contains("would run: after [read]"));
    assertThat(run).doesNotExist();
    run();
    stages.get(1).settings().set(1);
    assertThat(plan(Scenario.PRODUCT_CARD).describe(4, 3))
        .satisfiesExactly(
            line -> assertThat(line).contains("is up to date, 1 KiB"),
            line ->
                assertThat(line).contains("would run: its settings, the seed or its source files"),
            line -> assertThat(line).contains("would run: after [cook.product_card]"),
            line -> assertThat(line).contains("is up to date"));
  }

  @Test
  void aStageThatFailsLeavesWhatWasFinished() throws Exception {
    run();
    Map<String, String> whole = artefacts();
    Work work = stages.get(1).work();
    replace(
        1,
        context -> {
          context.checkpoints();
          try (OutputStream out = context.create(Artefact.ITEM_VECTORS)) {
            out.write(1);
            throw new IOException("no gas");
          }
        });
    stages.get(1).settings().set(1);
    assertThatThrownBy(this::run)
        .isInstanceOf(StageException.class)
        .hasMessage("cook.product_card failed: no gas");
    assertThat(run.resolve("02-cook.product_card/manifest.json")).doesNotExist();
    replace(1, work);
    stages.get(1).settings().set(0);
    assertThat(run()).containsExactly("cook.product_card");
    assertThat(artefacts()).isEqualTo(whole);
  }

  @Test
  void stagesAreHeldToWhatTheyDeclared() {
    replace(1, context -> context.file(Artefact.USERS));
    assertThatThrownBy(this::run)
        .hasMessageContaining("declared to read [interactions.arrow], not users.arrow");
    replace(1, context -> context.create(Artefact.INTERACTIONS));
    assertThatThrownBy(this::run)
        .hasMessageContaining("declared to write [item_vectors.arrow], not interactions.arrow");
    replace(1, context -> {});
    assertThatThrownBy(this::run).hasMessageContaining("left out [item_vectors.arrow]");
    replace(1, context -> context.allocator().buffer(64));
    assertThatThrownBy(this::run).hasMessageContaining("left out [item_vectors.arrow]");
    assertThat(messages()).anyMatch(line -> line.contains("64 bytes of off-heap memory"));
  }

  @Test
  void missingSourcesAreNamed() throws IOException {
    Files.delete(source);
    assertThatThrownBy(this::run)
        .hasMessageContainingAll(
            "read failed", "log.csv: there is no such file", "correct the config");
  }

  @Test
  void sharedStagesSayOfWhichScenario() throws Exception {
    FakeStage tell = stages.get(3);
    stages.set(
        3,
        new FakeStage(
            tell.name(),
            false,
            List.of(Artefact.EVALUATION),
            tell.writes(),
            tell.settings(),
            List.of(),
            context -> {
              assertThatThrownBy(() -> context.file(Artefact.EVALUATION))
                  .hasMessageContaining("say of which");
              for (Scenario scenario : BOTH) {
                assertThat(context.file(scenario, Artefact.EVALUATION))
                    .content()
                    .contains(scenario.name());
              }
              context.write(Artefact.REPORT_PAGE, file -> Files.writeString(file, "done"));
            }));
    run(null, null, BOTH.toArray(Scenario[]::new));
    assertThat(new RunFolder(run).check()).isEmpty();
  }

  @Test
  void aPipelineMustFitTogether() {
    assertThatThrownBy(() -> new Pipeline(List.of(stages.get(0), stages.get(2))))
        .hasMessageContaining(
            "stage taste: reads item_vectors.arrow, which no earlier stage writes");
    assertThatThrownBy(() -> new Pipeline(List.of(stages.get(0), stages.get(0))))
        .hasMessageContaining("two stages of that name");
  }
}
