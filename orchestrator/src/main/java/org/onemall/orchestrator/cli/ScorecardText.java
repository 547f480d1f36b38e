package org.onemall.orchestrator.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.onemall.semanticid.Churn;
import org.onemall.semanticid.CodeDistances;
import org.onemall.semanticid.ItemLabels;
import org.onemall.semanticid.NeighbourHits;
import org.onemall.semanticid.Scorecard;
import org.onemall.semanticid.SidMigration;

/** Scorecards and migrations as plain text. */
public final class ScorecardText {
  private ScorecardText() {}

  /** All figures of a scorecard. */
  static void write(Scorecard card, PrintWriter out) {
    Scorecard.Details more = card.more();
    line(
        out,
        "  %,d items (%s), codes per level %s%s"
            .formatted(
                card.items(),
                more == null ? "all" : more.population(),
                card.sizes(),
                more == null || card.sizes().subList(0, more.wanted().size()).equals(more.wanted())
                    ? ""
                    : " (the settings ask for " + more.wanted() + ")"));
    line(out, "  %-34s %9s %9s %9s".formatted("", "SIDs", "conflict", "exclusive"));
    figures(out, "before conflict resolution", card.before());
    figures(out, "after it (%,d moved)".formatted(card.moved()), card.after());
    if (more != null) {
      more.variants().forEach((name, figures) -> figures(out, name + ", before it", figures));
    }
    levels(card, out);
    if (more != null) {
      details(more, out);
    }
  }

  private static void line(PrintWriter out, String text) {
    out.println(text.stripTrailing());
  }

  private static String percent(double share) {
    return "%.1f %%".formatted(100 * share);
  }

  private static void figures(PrintWriter out, String name, Scorecard.Figures figures) {
    line(
        out,
        "  %-34s %,9d %9s %9s"
            .formatted(
                name, figures.sids(), percent(figures.conflict()), percent(figures.exclusive())));
  }

  private static void levels(Scorecard card, PrintWriter out) {
    line(out, "");
    line(
        out,
        "  %-8s %6s %8s %9s %6s %22s"
            .formatted("level", "codes", "in use", "entropy", "Gini", "neighbours that agree"));
    for (int level = 0; level < card.sizes().size(); level++) {
      Scorecard.Level figures = card.after().levels().get(level);
      line(
          out,
          "  SID%-5d %6d %8s %9.2f %6.3f %22s"
              .formatted(
                  level + 1,
                  card.sizes().get(level),
                  percent(figures.use()),
                  figures.entropy(),
                  figures.gini(),
                  percent(figures.neighbourAgreement())));
    }
  }

  private static void details(Scorecard.Details more, PrintWriter out) {
    line(out, "");
    line(
        out,
        "  %-34s %9s %9s %11s %8s %8s %8s"
            .formatted(
                "squared distance to the codes",
                "vectors",
                "mean",
                "of length",
                "p50",
                "p90",
                "p99"));
    distances(out, "known before validation", more.distances().known());
    distances(out, "came later", more.distances().later());
    NeighbourHits hits = more.neighbours();
    if (hits != null) {
      line(out, "");
      line(
          out,
          "  the next item of %,d held-out pairs among the k nearest of %.0f:"
              .formatted(hits.pairs(), hits.candidates()));
      neighbours(out, "these vectors", hits);
      for (Scorecard.Mixture mixture : more.mixtures()) {
        neighbours(
            out,
            "%s embedding + %s tower, conflict %s"
                .formatted(
                    mixture.embedding(), mixture.tower(), percent(mixture.figures().conflict())),
            mixture.neighbours());
      }
    }
    more.churn().forEach((name, churn) -> churn(out, name, churn));
  }

  private static void distances(PrintWriter out, String name, CodeDistances.Spread spread) {
    line(
        out,
        "  %-34s %,9d %9.4f %11s %8.4f %8.4f %8.4f"
            .formatted(
                name,
                spread.rows(),
                spread.mean(),
                percent(spread.share()),
                spread.p50(),
                spread.p90(),
                spread.p99()));
  }

  private static void neighbours(PrintWriter out, String name, NeighbourHits hits) {
    String rates =
        hits.rates().stream()
            .map(rate ->
                "@%d %s, by SID %s, random %s"
                    .formatted(
                        rate.k(),
                        percent(rate.vectors()),
                        percent(rate.sid()),
                        percent(rate.random())))
            .collect(Collectors.joining("; "));
    line(out, "    %s: %s".formatted(name, rates));
  }

  private static void churn(PrintWriter out, String name, Churn churn) {
    line(out, "");
    line(
        out,
        "  churn an hour, %s: %s of %,d rooms (%,d Semantic IDs for %,d states)"
            .formatted(name, shares(churn.levels()), churn.rooms(), churn.sids(), churn.states()));
    for (Churn.Hour hour : churn.hours()) {
      line(
          out, "    %02d h  %s of %,d".formatted(hour.hour(), shares(hour.levels()), hour.rooms()));
    }
  }

  private static String shares(List<Double> levels) {
    return levels.stream().map(ScorecardText::percent).collect(Collectors.joining(" / "));
  }

  /**
   * What moves.
   *
   * @param shown some of the items that do
   */
  static void write(SidMigration migration, int[] shown, ItemLabels labels, PrintWriter out) {
    line(
        out,
        "  %,d items have a Semantic ID in both, %,d only in the first, %,d only in the other"
            .formatted(migration.items(), migration.gone(), migration.added()));
    line(out, "  %-8s %18s %34s".formatted("up to", "moved", "regrouped (codes renamed to fit)"));
    for (int level = 0; level < migration.levels().size(); level++) {
      SidMigration.Level each = migration.levels().get(level);
      double items = Math.max(1, migration.items());
      line(
          out,
          "  SID%-5d %,9d %8s %,25d %8s"
              .formatted(
                  level + 1,
                  each.moved(),
                  percent(each.moved() / items),
                  each.regrouped(),
                  percent(each.regrouped() / items)));
    }
    int moved = migration.levels().getLast().moved();
    if (shown.length > 0) {
      line(out, "  the first %d of %,d that moved:".formatted(shown.length, moved));
    }
    for (int item : shown) {
      line(out, "    %8d  %s".formatted(item, labels.title(item)));
    }
  }
}
