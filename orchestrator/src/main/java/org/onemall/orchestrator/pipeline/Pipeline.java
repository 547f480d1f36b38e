package org.onemall.orchestrator.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.onemall.run.Artefact;
import org.onemall.shop.Scenario;

/**
 * The stages in order. What one reads, exactly one earlier stage writes; the order of steps puts
 * all per-scenario stages of a scenario before those of the next, so that a stage may also read
 * what was written for the scenarios before, where it says so.
 */
public record Pipeline(List<Stage> stages) {
  public Pipeline {
    stages = List.copyOf(stages);
    Set<String> names = new HashSet<>();
    Map<Artefact, String> writers = new HashMap<>();
    for (Stage stage : stages) {
      require(names.add(stage.name()), stage, "there are two stages of that name");
      for (Artefact read : stage.reads()) {
        require(
            writers.containsKey(read), stage, "reads " + read + ", which no earlier stage writes");
      }
      for (Artefact write : stage.writes()) {
        String other = writers.putIfAbsent(write, stage.name());
        require(other == null, stage, "writes " + write + ", which " + other + " writes too");
      }
    }
    for (Stage stage : stages) {
      for (Scenario scenario : Scenario.values()) {
        for (Stage.Earlier earlier : stage.readsEarlier(scenario)) {
          requireEarlier(stages, stage, scenario, earlier);
        }
      }
    }
  }

  private static void requireEarlier(
      List<Stage> stages, Stage stage, Scenario scenario, Stage.Earlier earlier) {
    String what = earlier.artefact() + " of " + earlier.scenario().key();
    require(
        stage.perScenario() && earlier.scenario().compareTo(scenario) < 0,
        stage,
        "reads " + what + ", which doesn't come before " + scenario.key());
    require(
        stages.stream()
            .anyMatch(each -> each.perScenario() && each.writes().contains(earlier.artefact())),
        stage,
        "reads " + what + ", which no per-scenario stage writes");
  }

  private static void require(boolean holds, Stage stage, String message) {
    if (!holds) {
      throw new IllegalArgumentException("stage " + stage.name() + ": " + message);
    }
  }

  /** What runs for these scenarios, in order. */
  public List<Step> steps(List<Scenario> scenarios) {
    List<Step> steps = new ArrayList<>();
    int next = 0;
    while (next < stages.size()) {
      int end = next;
      while (end < stages.size() && stages.get(end).perScenario()) {
        end++;
      }
      for (Scenario scenario : scenarios) {
        for (int i = next; i < end; i++) {
          steps.add(new Step(i + 1, stages.get(i), scenario));
        }
      }
      if (end < stages.size()) {
        steps.add(new Step(end + 1, stages.get(end), null));
      }
      next = end + 1;
    }
    return steps;
  }

  /** The steps that are wanted, and those that they read from, directly or not; in order. */
  public static List<Step> needed(List<Step> steps, Predicate<Step> wanted) {
    Set<Step> needed = new HashSet<>();
    for (Step step : steps.reversed()) {
      if (wanted.test(step) || needed.contains(step)) {
        needed.add(step);
        sources(steps, step).forEach(source -> needed.add(source.writer()));
      }
    }
    return steps.stream().filter(needed::contains).toList();
  }

  /**
   * The steps whose artefact of that name {@code reader} gets: one, or one for each scenario where
   * a shared stage reads what per-scenario stages wrote.
   */
  static List<Step> writers(List<Step> steps, Step reader, Artefact artefact) {
    return steps.stream()
        .filter(step -> step.stage().writes().contains(artefact))
        .filter(step ->
            step.scenario() == null
                || reader.scenario() == null
                || step.scenario() == reader.scenario())
        .toList();
  }

  /** An artefact that a step gets, and who wrote it. */
  public record Source(Step writer, Artefact artefact) {}

  /** All that a step reads, of its own scenario and of earlier ones. */
  public static List<Source> sources(List<Step> steps, Step reader) {
    List<Source> sources = new ArrayList<>();
    for (Artefact artefact : reader.stage().reads()) {
      writers(steps, reader, artefact).forEach(step -> sources.add(new Source(step, artefact)));
    }
    if (reader.scenario() != null) {
      for (Stage.Earlier earlier : reader.stage().readsEarlier(reader.scenario())) {
        steps.stream()
            .filter(step -> step.scenario() == earlier.scenario())
            .filter(step -> step.stage().writes().contains(earlier.artefact()))
            .forEach(step -> sources.add(new Source(step, earlier.artefact())));
      }
    }
    return sources;
  }
}
