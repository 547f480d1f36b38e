package org.onemall.orchestrator.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.onemall.run.Artefact;
import org.onemall.shop.Scenario;

/**
 * One step of the pipeline: a function of the artefacts that it reads, its part of the config and
 * the seed. Stages never call each other.
 */
public interface Stage {
  /** What it is called, reads and writes. */
  Declaration declaration();

  default String name() {
    return declaration().name();
  }

  default boolean perScenario() {
    return declaration().perScenario();
  }

  default List<Artefact> reads() {
    return declaration().reads();
  }

  default List<Artefact> writes() {
    return declaration().writes();
  }

  /**
   * What it reads of the scenarios before its own, beside {@link #reads}: artefacts that a
   * per-scenario stage wrote for one of them, this or a later one.
   */
  default List<Earlier> readsEarlier(Scenario scenario) {
    return List.of();
  }

  /** An artefact of another scenario, which comes before. */
  record Earlier(Scenario scenario, Artefact artefact) {}

  /**
   * Refuses a config that it can't run with, before anything runs.
   *
   * @throws IllegalArgumentException that says which setting, and what to do
   */
  default void check(RunConfig config) {}

  /** The parts of the config that its result depends on; compared as JSON to decide on a re-run. */
  Object settings(RunConfig config);

  /**
   * Whether its seed is {@code model_seed}, where the config has one: what a reproduction varies.
   */
  default boolean usesModelSeed() {
    return perScenario();
  }

  /** Files from outside the run that it reads; a change of their content means a re-run. */
  default List<Path> sources(RunConfig config) throws IOException {
    return List.of();
  }

  /** What {@code --dry-run} can say of its sizes, memory or time; empty for nothing. */
  default String estimate(RunConfig config) {
    return "";
  }

  /** Does the work; returning normally commits what was written. */
  void run(StageContext context) throws IOException;
}
