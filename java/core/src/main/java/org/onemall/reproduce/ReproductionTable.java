package org.onemall.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.onemall.reproduce.Experiment.Claim;
import org.onemall.reproduce.Experiment.Figure;
import org.onemall.reproduce.Experiment.Variant;
import org.onemall.run.Artefact;
import org.onemall.run.JsonFile;
import org.onemall.shop.Scenario;
import org.onemall.statistics.SeedInterval;

/** Gathers the figures of all cells and says what they mean. */
public final class ReproductionTable {
  private final Experiment experiment;
  private final String config;
  private final List<Long> seeds;
  private final Map<Place, JsonNode> figures = new HashMap<>();

  private record Place(Scenario scenario, String variant, long seed, String figure) {}

  /** One variant in one scenario. */
  private record Row(
      String scenario, String variant, String label, Map<String, SeedInterval> figures) {}

  private record Judged(
      String text,
      String scenario,
      String figure,
      String variant,
      String than,
      @Nullable SeedInterval difference,
      Outcome verdict) {}

  /** What one run's own bootstrap over its users says of one figure. */
  private record UserInterval(
      String scenario, String variant, long seed, String figure, JsonNode estimate) {}

  private record Table(
      String name,
      String title,
      String config,
      List<Long> seeds,
      String rule,
      List<String> notes,
      List<Row> rows,
      List<Judged> claims,
      List<UserInterval> users) {}

  /** For a run config's name. */
  public ReproductionTable(Experiment experiment, String config, List<Long> seeds) {
    this.experiment = experiment;
    this.config = config;
    this.seeds = List.copyOf(seeds);
  }

  /** Adds what one run wrote, by file name. */
  public void add(
      Scenario scenario, Variant variant, long seed, Map<Artefact, JsonNode> artefacts) {
    for (Figure figure : experiment.figures()) {
      JsonNode artefact = artefacts.get(figure.artefact());
      if (artefact != null) {
        figures.put(
            new Place(scenario, variant.key(), seed, figure.key()), artefact.at(figure.pointer()));
      }
    }
  }

  private JsonNode node(Scenario scenario, String variant, long seed, String figure) {
    return figures.getOrDefault(
        new Place(scenario, variant, seed, figure), MissingNode.getInstance());
  }

  private double value(Scenario scenario, String variant, long seed, String figure) {
    JsonNode node = node(scenario, variant, seed, figure);
    JsonNode value = node.isObject() ? node.path("value") : node;
    return value.isNumber() ? value.doubleValue() : Double.NaN;
  }

  private SeedInterval over(Scenario scenario, String variant, String figure) {
    Map<Long, Double> bySeed = new LinkedHashMap<>();
    seeds.forEach(seed -> bySeed.put(seed, value(scenario, variant, seed, figure)));
    return SeedInterval.of(bySeed);
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (Scenario scenario : experiment.scenarios()) {
      for (Variant variant : experiment.variants()) {
        Map<String, SeedInterval> columns = new LinkedHashMap<>();
        for (Figure figure : experiment.figures()) {
          SeedInterval interval = over(scenario, variant.key(), figure.key());
          if (interval.known()) {
            columns.put(figure.key(), interval);
          }
        }
        rows.add(new Row(scenario.key(), variant.key(), variant.label(), columns));
      }
    }
    return rows;
  }

  private List<Judged> claims() {
    List<Judged> claims = new ArrayList<>();
    for (Scenario scenario : experiment.scenarios()) {
      for (Claim claim : experiment.claims()) {
        Map<Long, Double> differences = new LinkedHashMap<>();
        for (long seed : seeds) {
          differences.put(
              seed,
              value(scenario, claim.variant(), seed, claim.figure())
                  - value(scenario, claim.than(), seed, claim.figure()));
        }
        SeedInterval difference = SeedInterval.of(differences);
        claims.add(
            new Judged(
                claim.text() + " (" + scenario.key() + ")",
                scenario.key(),
                claim.figure(),
                claim.variant(),
                claim.than(),
                difference.known() ? difference : null,
                Outcome.of(difference, claim.more())));
      }
    }
    return claims;
  }

  private List<UserInterval> users() {
    List<UserInterval> users = new ArrayList<>();
    for (Scenario scenario : experiment.scenarios()) {
      for (Variant variant : experiment.variants()) {
        for (long seed : seeds) {
          for (Figure figure : experiment.figures()) {
            JsonNode node = node(scenario, variant.key(), seed, figure.key());
            if (node.has("low") && node.has("high")) {
              users.add(new UserInterval(scenario.key(), variant.key(), seed, figure.key(), node));
            }
          }
        }
      }
    }
    return users;
  }

  /** The table as JSON; figures that some run did not give are left out. */
  public String json() {
    return JsonFile.text(
            new Table(
                experiment.name(),
                experiment.title(),
                config,
                seeds,
                Outcome.RULE,
                experiment.notes(),
                rows(),
                claims(),
                users()))
        + "\n";
  }

  /** The table for people, in per cent. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("# %s: %s\n\n".formatted(experiment.name(), experiment.title()));
    text.append(
        "Config `%s`, seeds %s; in per cent: mean over the seeds [95 %% t-interval].\n\n"
            .formatted(config, seeds));
    experiment.notes().forEach(note -> text.append(note).append('\n'));
    for (Scenario scenario : experiment.scenarios()) {
      text.append("\n## ").append(scenario.key()).append("\n\n|  |");
      experiment.figures().forEach(figure -> text.append(' ').append(figure.key()).append(" |"));
      text.append("\n|---|").append("---|".repeat(experiment.figures().size())).append('\n');
      for (Row row : rows()) {
        if (row.scenario().equals(scenario.key())) {
          text.append("| ").append(row.label()).append(" |");
          for (Figure figure : experiment.figures()) {
            text.append(percent(row.figures().get(figure.key()), "%.1f"));
          }
          text.append('\n');
        }
      }
    }
    text.append(
        "\n## Claims\n\n| claim | figure | difference, points | verdict |\n|---|---|---|---|\n");
    for (Judged claim : claims()) {
      text.append(
          "| %s | %s |%s **%s** |\n"
              .formatted(
                  claim.text(),
                  claim.figure(),
                  percent(claim.difference(), "%+.2f"),
                  claim.verdict().words()));
    }
    return text.append('\n').append(Outcome.RULE).append('\n').toString();
  }

  private static String percent(@Nullable SeedInterval figure, String format) {
    if (figure == null) {
      return " – |";
    }
    String all = " " + format + " [" + format + ", " + format + "] |";
    return all.formatted(100 * figure.mean(), 100 * figure.low(), 100 * figure.high());
  }
}
