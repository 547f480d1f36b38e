package org.onemall.orchestrator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.onemall.orchestrator.pipeline.Step;
import org.onemall.order.FinalOrders;
import org.onemall.run.Artefact;
import org.onemall.run.FinishedRun;
import org.onemall.run.JsonFile;
import org.onemall.run.RunFolder;
import org.onemall.run.WallTime;
import org.onemall.shop.Scenario;

/**
 * What {@code run} says last: the headline of each scenario against its best baseline, also for
 * items that are new to the user, where to read on, what took how long, and what to do next.
 */
final class ClosingLines {
  private static final int TIMED_STAGES = 6;

  private final RunFolder folder;

  ClosingLines(RunFolder folder) {
    this.folder = folder;
  }

  /** For a run whose report is up to date. */
  List<String> ofWhole(List<Scenario> scenarios, Map<Step, Double> seconds, int steps)
      throws IOException {
    List<String> lines = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      FinishedRun run = new FinishedRun(folder, scenario.key());
      JsonNode evaluation = JsonFile.read(run.file(Artefact.EVALUATION), JsonNode.class);
      String metric = "HR@" + cutoff(evaluation, scenario);
      headline(evaluation, metric).ifPresent(text -> add(lines, scenario.key(), text));
      headline(evaluation, "new_" + metric).ifPresent(text -> add(lines, "", text));
    }
    Path page = new FinishedRun(folder, "").file(Artefact.REPORT_PAGE);
    add(lines, "report", page.toAbsolutePath().normalize().toUri().toString());
    add(lines, "time", time(seconds, steps));
    add(lines, "next", "./onemall recommend %s --out lists.csv".formatted(folder.path()));
    return lines;
  }

  /** For a run that was told to stop after a stage. */
  List<String> ofPart(Map<Step, Double> seconds, int steps) {
    List<String> lines = new ArrayList<>();
    add(lines, "run", folder.path().toString());
    add(lines, "time", time(seconds, steps));
    add(lines, "next", "the same command without --to goes on from there");
    return lines;
  }

  private static void add(List<String> lines, String what, String text) {
    lines.add("%-16s %s".formatted(what, text));
  }

  /** The cutoff that the report opens with: one that people look at, where it was measured. */
  private static int cutoff(JsonNode evaluation, Scenario scenario) {
    List<Integer> cutoffs =
        own(evaluation)
            .propertyStream()
            .map(Map.Entry::getKey)
            .filter(metric -> metric.startsWith("HR@"))
            .map(metric -> Integer.valueOf(metric.substring("HR@".length())))
            .sorted()
            .toList();
    int wanted = scenario == Scenario.LIVE_STREAMING ? 10 : 50;
    return cutoffs.contains(wanted) ? wanted : cutoffs.get(cutoffs.size() / 2);
  }

  private static JsonNode own(JsonNode evaluation) {
    return evaluation.path("models").path(FinalOrders.ONEMALL);
  }

  /** The whole model against the baseline that is best at this; empty where it wasn't measured. */
  private static Optional<String> headline(JsonNode evaluation, String metric) {
    JsonNode ours = own(evaluation).path(metric);
    JsonNode models = evaluation.path("models");
    Optional<String> best =
        StreamSupport.stream(evaluation.path("baselines").spliterator(), false)
            .map(JsonNode::asText)
            .filter(baseline -> models.path(baseline).has(metric))
            .max(
                Comparator.comparingDouble(
                    baseline -> models.path(baseline).path(metric).path("value").asDouble()));
    if (ours.isMissingNode() || best.isEmpty()) {
      return Optional.empty();
    }
    String text =
        "%s %s, best baseline %s %s"
            .formatted(
                metric,
                estimate(ours, "%.1f", "%"),
                best.get(),
                estimate(models.path(best.get()).path(metric), "%.1f", "%"));
    for (JsonNode comparison : evaluation.path("comparisons")) {
      if (comparison.path("baseline").asText().equals(best.get())
          && comparison.path("metric").asText().equals(metric)) {
        text +=
            "; difference %s, %s"
                .formatted(
                    estimate(comparison.path("difference"), "%+.1f", "points"),
                    comparison.path("verdict").asText().replace('_', ' '));
      }
    }
    return Optional.of(text);
  }

  /** A share in per cent, or a difference of shares in points, with its interval. */
  private static String estimate(JsonNode estimate, String number, String unit) {
    return String.format(
        Locale.ROOT,
        number + " %s [" + number + ", " + number + "]",
        100 * estimate.path("value").asDouble(),
        unit,
        100 * estimate.path("low").asDouble(),
        100 * estimate.path("high").asDouble());
  }

  private static String time(Map<Step, Double> seconds, int steps) {
    Map<String, Double> byStage = new LinkedHashMap<>();
    seconds.forEach((step, each) -> byStage.merge(step.stage().name(), each, Double::sum));
    double total = byStage.values().stream().mapToDouble(Double::doubleValue).sum();
    String longest =
        byStage.entrySet().stream()
            .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
            .limit(TIMED_STAGES)
            .map(stage -> stage.getKey() + " " + WallTime.text(stage.getValue()))
            .collect(Collectors.joining(", "));
    return "%s; %d of %d steps ran%s"
        .formatted(
            WallTime.text(total),
            seconds.size(),
            steps,
            longest.isEmpty() ? "" : ", longest " + longest);
  }
}
