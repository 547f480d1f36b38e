package org.onemall.orchestrator.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onemall.run.Artefact;
import org.onemall.shop.Scenario;

/** One stage for one scenario, or a shared stage; {@code number} is the stage's place, from 1. */
public record Step(int number, Stage stage, @Nullable Scenario scenario) {
  /** {@code stage} or {@code stage.scenario}. */
  public String name() {
    return scenario == null ? stage.name() : stage.name() + "." + scenario.key();
  }

  /** The seed that its own seeds are derived from. */
  public long seed(RunConfig config) {
    Long modelSeed = config.modelSeed();
    return modelSeed != null && stage.usesModelSeed() ? modelSeed : config.seed();
  }

  /** The names of the files that it writes. */
  List<String> fileNames() {
    return stage.writes().stream().map(Artefact::fileName).toList();
  }

  /** The name of its folder in the run. */
  public String folder() {
    return "%02d-%s".formatted(number, name());
  }

  @Override
  public String toString() {
    return name();
  }
}
