package org.onemall.orchestrator.reproduce;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.onemall.config.ConfigWriter;
import org.onemall.orchestrator.pipeline.Pipeline;
import org.onemall.orchestrator.pipeline.Plan;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Step;
import org.onemall.run.CodeVersion;
import org.onemall.run.RunFolder;
import org.onemall.run.Sha256;

/**
 * The work of several runs that share some of it: every step that no earlier run has too, whether
 * it is done, and how long it takes by what the same stage took elsewhere.
 */
public final class Workload {
  /** One run: some steps of a pipeline in a folder. */
  record Part(String name, RunConfig config, RunFolder folder, List<Step> steps, CodeVersion code) {
    Plan plan() {
      return planIn(folder);
    }

    /** The same steps in another folder. */
    Plan planIn(RunFolder other) {
      return new Plan(config, other, steps, code);
    }
  }

  private record Unit(Part part, Step step) {}

  private final List<Part> parts;
  private final List<RunFolder> others;

  /** What has to be computed, by what it is computed from. */
  private final Map<String, Unit> units = new LinkedHashMap<>();

  private final Map<Unit, String> identities = new HashMap<>();
  private final Map<String, Boolean> done = new HashMap<>();

  /**
   * Looks at what is there.
   *
   * @param others finished runs that steps may be taken over from
   */
  Workload(List<Part> parts, List<RunFolder> others) throws IOException {
    this.parts = List.copyOf(parts);
    this.others = List.copyOf(others);
    for (Part part : parts) {
      for (Step step : part.steps()) {
        String identity = identity(part, step);
        identities.put(new Unit(part, step), identity);
        if (units.putIfAbsent(identity, new Unit(part, step)) == null) {
          done.put(identity, isDone(part, step));
        }
      }
    }
  }

  /** Equal where settings, seeds and source files of a step and of all before it are. */
  private String identity(Part part, Step step) throws IOException {
    List<Object> made = new ArrayList<>();
    made.add(step.name());
    made.add(List.of(step.stage().settings(part.config())));
    made.add(step.seed(part.config()));
    made.add(step.stage().sources(part.config()));
    for (Pipeline.Source source : Pipeline.sources(part.steps(), step)) {
      made.add(String.valueOf(identities.get(new Unit(part, source.writer()))));
    }
    return Sha256.of(ConfigWriter.json(made));
  }

  private boolean isDone(Part part, Step step) {
    List<RunFolder> folders = new ArrayList<>(others);
    folders.addFirst(part.folder());
    for (RunFolder folder : folders) {
      try {
        if (part.planIn(folder).judge(step).upToDate()) {
          return true;
        }
      } catch (IOException e) {
        // What it would be made from isn't there, so neither is it.
      }
    }
    return false;
  }

  /** Notes that a step is up to date. */
  void finished(Part part, Step step) {
    done.put(identities.getOrDefault(new Unit(part, step), ""), true);
  }

  /** One line for each part, and what is left of all. */
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    for (Part part : parts) {
      List<Unit> own = units.values().stream().filter(unit -> unit.part().equals(part)).toList();
      List<Unit> left = own.stream().filter(unit -> !isDone(unit)).toList();
      lines.add(
          "%-24s %d steps, %d of its own, %d to do%s"
              .formatted(
                  part.name(),
                  part.steps().size(),
                  own.size(),
                  left.size(),
                  left.isEmpty() ? "" : ": " + time(left)));
    }
    lines.add(remaining());
    return lines;
  }

  /** What is left, for a person who waits. */
  String remaining() {
    List<Unit> all = List.copyOf(units.values());
    List<Unit> left = all.stream().filter(unit -> !isDone(unit)).toList();
    String total = time(all);
    return left.isEmpty()
        ? "all %d steps are done".formatted(all.size())
        : "%d of %d steps are done; %s left of %s"
            .formatted(all.size() - left.size(), all.size(), time(left), total);
  }

  private boolean isDone(Unit unit) {
    return done.getOrDefault(identities.getOrDefault(unit, ""), false);
  }

  private String time(List<Unit> of) {
    double seconds = 0;
    int unknown = 0;
    for (Unit unit : of) {
      OptionalDouble measured = seconds(unit);
      seconds += measured.orElse(0);
      unknown += measured.isPresent() ? 0 : 1;
    }
    return unknown == 0
        ? "about " + duration(seconds)
        : unknown == of.size()
            ? "%d steps that were never timed".formatted(unknown)
            : "about %s and %d steps that were never timed".formatted(duration(seconds), unknown);
  }

  /** Its own time, or the mean of the same stage in the other runs. */
  private OptionalDouble seconds(Unit unit) {
    OptionalDouble own = wallSeconds(unit.part().folder(), unit.step()).stream().findFirst();
    if (own.isPresent()) {
      return own;
    }
    List<RunFolder> folders = new ArrayList<>(others);
    parts.forEach(part -> folders.add(part.folder()));
    return folders.stream()
        .flatMapToDouble(folder -> wallSeconds(folder, unit.step()).stream())
        .average();
  }

  private static OptionalDouble wallSeconds(RunFolder folder, Step step) {
    return folder.stage(step.folder()).provenance().get("wall_s") instanceof Number wall
        ? OptionalDouble.of(wall.doubleValue())
        : OptionalDouble.empty();
  }

  private static String duration(double seconds) {
    long s = Math.round(seconds);
    return s < 60
        ? s + " s"
        : s < 3600
            ? "%d min".formatted((s + 30) / 60)
            : "%d h %02d min".formatted(s / 3600, s / 60 % 60);
  }
}
