package org.onemall.mall.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.onemall.mall.world.World;

/** What {@link WorldCheck} found, for a person and as JSON. */
public record CheckReport(
    List<TargetRanks> ranks,
    WorldCheck.Propensities propensities,
    List<WorldCheck.Realised> realised,
    Counterfactual counterfactual) {
  private static final int LIVE = 2;
  private static final int[] GOODS_DEPTHS = {10, 50, 100, 500};
  private static final int[] LIVE_DEPTHS = {5, 10, 50};

  private static int[] depths(int scenario) {
    return scenario == LIVE ? LIVE_DEPTHS : GOODS_DEPTHS;
  }

  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int s = 0; s < ranks.size(); s++) {
      table(s, lines);
    }
    for (int s = 0; s < realised.size(); s++) {
      WorldCheck.Realised of = realised.get(s);
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: CTR %.4f, CTCVR %.5f, realised against expected: z clicks %.2f, z orders %.2f",
              World.SCENARIOS.get(s).key(),
              of.ctr(),
              of.ctcvr(),
              of.clickZ(),
              of.orderZ()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "propensities of first slots: mean of 1/(pi |C|) = %.4f ± %.4f over %,d rows (1 is right)",
            propensities.mean(),
            propensities.error(),
            propensities.rows()));
    lines.add(
        String.format(
            Locale.ROOT,
            "random cards in first slots: CTR %.4f ± %.4f by IPS, %.4f by SNIPS, %.4f ± %.4f by the truth",
            counterfactual.ips(),
            counterfactual.ipsError(),
            counterfactual.snips(),
            counterfactual.oracle(),
            counterfactual.oracleError()));
    return lines;
  }

  private void table(int s, List<String> lines) {
    TargetRanks of = ranks.get(s);
    StringBuilder head = new StringBuilder("| HR % @");
    StringBuilder rule = new StringBuilder("|---");
    for (int k : depths(s)) {
      head.append(" | ").append(k);
      rule.append("|---");
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %,d targets, %,.0f candidates on average",
            World.SCENARIOS.get(s).key(),
            of.targets(),
            of.meanCandidates()));
    lines.add("");
    lines.add(head + " |");
    lines.add(rule + "|");
    for (ReferenceScorer scorer : ReferenceScorer.values()) {
      if (of.has(scorer)) {
        StringBuilder row = new StringBuilder("| " + scorer.label);
        for (int k : depths(s)) {
          row.append(String.format(Locale.ROOT, " | %.1f", 100 * of.hitRate(scorer, k)));
        }
        lines.add(row + " |");
      }
    }
    lines.add("");
  }

  /** As written to {@code truth/checks.json}. */
  public Map<String, Object> json() {
    Map<String, Object> rates = new LinkedHashMap<>();
    for (int s = 0; s < ranks.size(); s++) {
      TargetRanks of = ranks.get(s);
      Map<String, Object> scorers = new LinkedHashMap<>();
      for (ReferenceScorer scorer : ReferenceScorer.values()) {
        if (of.has(scorer)) {
          Map<String, Object> byDepth = new LinkedHashMap<>();
          for (int k : depths(s)) {
            byDepth.put("hr@" + k, of.hitRate(scorer, k));
          }
          scorers.put(scorer.name().toLowerCase(Locale.ROOT), byDepth);
        }
      }
      scorers.put("targets", of.targets());
      scorers.put("candidates", of.meanCandidates());
      rates.put(World.SCENARIOS.get(s).key(), scorers);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("hit_rates", rates);
    Map<String, Object> happened = new LinkedHashMap<>();
    for (int s = 0; s < realised.size(); s++) {
      happened.put(World.SCENARIOS.get(s).key(), realised.get(s));
    }
    all.put("realised", happened);
    all.put("propensities", propensities);
    all.put("counterfactual", counterfactual);
    return all;
  }
}
