package org.onemall.orchestrator.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.onemall.codebook.CodebookConfig;
import org.onemall.codebook.CodebookConfig.Last;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.reproduce.Experiment;
import org.onemall.reproduce.Experiment.Claim;
import org.onemall.reproduce.Experiment.Figure;
import org.onemall.reproduce.Experiment.Variant;
import org.onemall.run.Artefact;
import org.onemall.shop.Scenario;

/**
 * What {@code reproduce} knows: the settings of each row, and what the paper claims of the rows.
 */
public final class Experiments {
  public static final List<String> NAMES = List.of("table5", "moving_sids");

  private static final Artefact EVALUATION = Artefact.EVALUATION;
  private static final Artefact SCORECARD = Artefact.SCORECARD;
  private static final List<Integer> TABLE5_CUTOFFS = List.of(50, 100, 500);
  private static final List<Integer> ROOM_CUTOFFS = List.of(5, 10);

  private Experiments() {}

  /**
   * The experiment of that name as it is made from a config.
   *
   * @throws IllegalArgumentException where there is none, or where the config can't show it
   */
  public static Experiment of(String name, RunConfig config) {
    return switch (name) {
      case "table5" -> table5(config);
      case "moving_sids" -> movingSids(config);
      default ->
          throw new IllegalArgumentException(
              "there is nothing to reproduce named '%s'; there are %s".formatted(name, NAMES));
    };
  }

  private static Experiment table5(RunConfig config) {
    if (config.pretrain().retriever().contrastiveWeight() == 0) {
      throw new IllegalArgumentException(
          "table5: expected pretrain.retriever.contrastive_weight above 0 in the config, as its last"
              + " row adds the contrastive loss; found 0");
    }
    List<String> common = new ArrayList<>(common(config, TABLE5_CUTOFFS));
    common.add("semanticid.conflicts=keep");
    String plain = "pretrain.retriever.contrastive_weight=0";
    List<String> kmeans = join(codebooks(config, Last.KMEANS), List.of(plain));
    List<String> fsq = codebooks(config, Last.FSQ);
    List<Figure> figures = new ArrayList<>();
    figures.add(new Figure("conflict", SCORECARD, "/after/conflict"));
    figures.add(new Figure("exclusive", SCORECARD, "/after/exclusive"));
    figures.addAll(hitRates("generator", TABLE5_CUTOFFS));
    figures.addAll(hitRates("onemall", TABLE5_CUTOFFS));
    List<Claim> claims = new ArrayList<>();
    claims.add(new Claim("FSQ lowers conflict", "fsq", "kmeans", "conflict", false));
    claims.add(new Claim("FSQ raises exclusive", "fsq", "kmeans", "exclusive", true));
    for (int cutoff : TABLE5_CUTOFFS) {
      claims.add(claim("FSQ raises HR@" + cutoff, "fsq", "kmeans", cutoff));
    }
    for (int cutoff : TABLE5_CUTOFFS) {
      claims.add(claim("contrastive raises HR@" + cutoff, "contrastive", "fsq", cutoff));
    }
    return new Experiment(
        "table5",
        "Semantic IDs by Res-KMeans, with FSQ, with the contrastive loss",
        config.scenarios(),
        List.of(
            new Variant("kmeans", "Res-KMeans", join(common, kmeans)),
            new Variant("fsq", "Res-KMeans + FSQ", join(common, join(fsq, List.of(plain)))),
            new Variant("contrastive", "+ contrastive", join(common, fsq))),
        figures,
        claims,
        List.of(
            "Codes of the levels, the same for all rows: " + sizes(config) + ".",
            "Items that share a SID keep it and share its probability"
                + " equally, so that a conflict costs what it costs.",
            "`generator` is the paper's model alone, and what the claims are about; `onemall` adds"
                + " what RECIPES found to help (pointer, tower, memory, as configured)."));
  }

  /** Codes of the k-means levels before the last, then of the last level. */
  private static List<Integer> levels(CodebookConfig codebook) {
    List<Integer> levels = new ArrayList<>(codebook.sizes());
    if (codebook.last() == Last.KMEANS) {
      levels.removeLast();
    }
    levels.add(1 << codebook.fsq().bits());
    return levels;
  }

  private static String sizes(RunConfig config) {
    return config.scenarios().stream()
        .map(scenario -> scenario.key() + " " + levels(config.codebook().of(scenario)))
        .collect(Collectors.joining(", "));
  }

  /** The settings of a last level, for all scenarios and for those with sizes of their own. */
  private static List<String> codebooks(RunConfig config, Last last) {
    List<String> overrides = new ArrayList<>();
    overrides.add("codebook.last=" + last.name().toLowerCase(Locale.ROOT));
    overrides.add("codebook.sizes=" + kmeans(levels(config.codebook()), last));
    for (Scenario scenario : Scenario.values()) {
      if (config.codebook().scenarios() != null
          && config.codebook().scenarios().containsKey(scenario.key())) {
        overrides.add(
            "codebook.scenarios.%s.sizes=%s"
                .formatted(scenario.key(), kmeans(levels(config.codebook().of(scenario)), last)));
      }
    }
    return overrides;
  }

  private static List<Integer> kmeans(List<Integer> levels, Last last) {
    return last == Last.KMEANS ? levels : levels.subList(0, levels.size() - 1);
  }

  private static Experiment movingSids(RunConfig config) {
    Scenario rooms = Scenario.LIVE_STREAMING;
    if (!config.scenarios().contains(rooms)) {
      throw new IllegalArgumentException(
          "moving_sids: expected live_streaming among the config's scenarios, found "
              + config.scenarios().stream().map(Scenario::key).toList());
    }
    List<String> common = common(config, ROOM_CUTOFFS);
    List<Figure> figures = new ArrayList<>(hitRates("generator", ROOM_CUTOFFS));
    figures.addAll(hitRates("onemall", ROOM_CUTOFFS));
    List<Claim> claims = new ArrayList<>();
    for (Figure figure : figures) {
      claims.add(
          new Claim(
              "SIDs that move with a room's products raise " + figure.key(),
              "moving",
              "frozen",
              figure.key(),
              true));
    }
    return new Experiment(
        "moving_sids",
        "live rooms whose SIDs move with their products, and such frozen at the room's start",
        List.of(rooms),
        List.of(
            new Variant(
                "frozen",
                "frozen at the room's start",
                join(common, List.of("semanticid.rooms=frozen"))),
            new Variant("moving", "moving", join(common, List.of("semanticid.rooms=moving")))),
        figures,
        claims,
        List.of("Few rooms are on air at once, so that HR@50 would say little."));
  }

  /** Ranks that the table shows are measured; what only the report shows is not. */
  private static List<String> common(RunConfig config, List<Integer> cutoffs) {
    TreeSet<Integer> all = new TreeSet<>(config.evaluate().hitCutoffs());
    all.addAll(cutoffs);
    return List.of(
        "evaluate.hit_cutoffs=" + all, "order.shared_sid=equal", "semanticid.scorecard=null");
  }

  private static List<Figure> hitRates(String model, List<Integer> cutoffs) {
    return cutoffs.stream()
        .map(k -> new Figure(model + " HR@" + k, EVALUATION, "/models/" + model + "/HR@" + k))
        .toList();
  }

  private static Claim claim(String text, String variant, String than, int cutoff) {
    return new Claim(text, variant, than, "generator HR@" + cutoff, true);
  }

  private static List<String> join(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
