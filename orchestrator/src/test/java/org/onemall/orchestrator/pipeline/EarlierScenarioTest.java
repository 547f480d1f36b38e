package org.onemall.orchestrator.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.config.ConfigException;
import org.onemall.run.Artefact;
import org.onemall.run.RunFolder;
import org.onemall.run.Sha256;
import org.onemall.shop.Scenario;

/** A stage that reads what a later stage wrote for an earlier scenario. */
class EarlierScenarioTest {
  private static final Scenario CARD = Scenario.PRODUCT_CARD;
  private static final Scenario LIVE = Scenario.LIVE_STREAMING;

  @TempDir Path run;

  private final List<String> ran = new ArrayList<>();
  private int cardSettings;
  private int liveSettings;

  /**
   * Mixes what it reads; {@code of} is the scenario that live reads {@code retriever.safetensors}
   * of.
   */
  private final class Mixing implements Stage {
    private final String name;
    private final List<Artefact> reads;
    private final Artefact writes;
    private final Scenario of;
    private final boolean declares;

    Mixing(String name, List<Artefact> reads, Artefact writes, Scenario of, boolean declares) {
      this.name = name;
      this.reads = reads;
      this.writes = writes;
      this.of = of;
      this.declares = declares;
    }

    @Override
    public Declaration declaration() {
      return new Declaration(name, true, reads, List.of(writes));
    }

    @Override
    public List<Earlier> readsEarlier(Scenario scenario) {
      return declares && scenario == LIVE
          ? List.of(new Earlier(of, Artefact.RETRIEVER))
          : List.of();
    }

    @Override
    public Object settings(RunConfig config) {
      return cardSettings;
    }

    @Override
    public void check(RunConfig config) {
      if (cardSettings < 0) {
        throw new IllegalArgumentException(name + ": too low");
      }
    }

    @Override
    public void run(StageContext context) throws IOException {
      ran.add(name + "." + context.scenario().key());
      try (OutputStream out = context.create(writes)) {
        out.write(context.scenario() == LIVE ? liveSettings : cardSettings);
        for (Artefact read : reads) {
          out.write(Sha256.of(context.file(read)).getBytes(StandardCharsets.UTF_8));
        }
        if (context.scenario() == LIVE && of == CARD && name.equals("first")) {
          Path earlier = context.file(CARD, Artefact.RETRIEVER);
          out.write(Sha256.of(earlier).getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }

  private Pipeline pipeline(boolean declares, Scenario of) {
    return new Pipeline(
        List.of(
            new Mixing("first", List.of(), Artefact.SEMANTIC_IDS, of, declares),
            new Mixing("second", List.of(Artefact.SEMANTIC_IDS), Artefact.RETRIEVER, of, false)));
  }

  private List<String> run(boolean declares) throws Exception {
    ran.clear();
    RunConfig config = Fakes.config(1, CARD, LIVE);
    Plan plan = new Plan(config, new RunFolder(run), pipeline(declares, CARD), Fakes.CODE);
    int last = plan.steps().size() - 1;
    try (LazyModels models = new LazyModels(() -> null)) {
      new Runner(config, new RunFolder(run), plan, models).run(last + 1, last);
    }
    return List.copyOf(ran);
  }

  @Test
  void aChangeInTheEarlierScenarioReachesTheLaterOne() throws Exception {
    String[] all = {
      "first.product_card", "second.product_card", "first.live_streaming", "second.live_streaming"
    };
    assertThat(run(true)).containsExactly(all);
    assertThat(run(true)).isEmpty();
    assertThat(new RunFolder(run).check()).isEmpty();
    cardSettings = 1; // the settings of live change too, but its own byte doesn't
    assertThat(run(true)).containsExactly(all);
    assertThat(run(true)).isEmpty();
    Fakes.flipOneBit(run.resolve("02-second.product_card/retriever.safetensors"), 3);
    assertThat(run(true)).containsExactly("second.product_card");
  }

  @Test
  void whatIsNotDeclaredIsNotRead() {
    assertThatThrownBy(() -> run(false))
        .isInstanceOf(StageException.class)
        .hasMessageContaining(
            "first.live_streaming: declared to read [], not retriever.safetensors");
  }

  @Test
  void earlierMeansEarlierAndWritten() {
    assertThatThrownBy(() -> pipeline(true, LIVE))
        .hasMessageContaining("which doesn't come before live_streaming");
    assertThatThrownBy(() ->
            new Pipeline(
                List.of(new Mixing("first", List.of(), Artefact.SEMANTIC_IDS, CARD, true))))
        .hasMessageContaining(
            "retriever.safetensors of product_card, which no per-scenario stage writes");
  }

  @Test
  void stagesRefuseConfigsBeforeAnythingRuns() {
    cardSettings = -1;
    assertThatThrownBy(() -> run(true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("2 problems in the config:\n  first: too low\n  second: too low");
    assertThat(ran).isEmpty();
  }
}
