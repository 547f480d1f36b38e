package org.onemall.reproduce;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.onemall.run.Artefact;
import org.onemall.shop.Scenario;

/**
 * What a reproduction compares.
 *
 * @param name of the command and of its folder
 * @param title what is compared, for people
 * @param scenarios whose figures are shown
 * @param variants the rows, from the first of the paper's ladder to its last
 * @param figures the columns
 * @param claims what the paper says of the rows
 * @param notes what a reader must know of how the rows were made
 */
public record Experiment(
    String name,
    String title,
    List<Scenario> scenarios,
    List<Variant> variants,
    List<Figure> figures,
    List<Claim> claims,
    List<String> notes) {

  /** One row: the settings that make it, as {@code a.b=c}. */
  public record Variant(String key, String label, List<String> overrides) {
    public Variant {
      overrides = List.copyOf(overrides);
    }
  }

  /**
   * One column.
   *
   * @param artefact that has it, of a per-scenario stage
   * @param pointer where in it (RFC 6901); a number, or an object with {@code value}, {@code low}
   *     and {@code high}
   */
  public record Figure(String key, Artefact artefact, String pointer) {}

  /**
   * One row is better than another in one figure.
   *
   * @param more whether better is more
   */
  public record Claim(String text, String variant, String than, String figure, boolean more) {}

  public Experiment {
    scenarios = List.copyOf(scenarios);
    variants = List.copyOf(variants);
    figures = List.copyOf(figures);
    claims = List.copyOf(claims);
    notes = List.copyOf(notes);
    Set<String> rows = new HashSet<>(variants.stream().map(Variant::key).toList());
    Set<String> columns = new HashSet<>(figures.stream().map(Figure::key).toList());
    for (Claim claim : claims) {
      boolean known =
          rows.containsAll(List.of(claim.variant(), claim.than()))
              && columns.contains(claim.figure());
      if (!known) {
        throw new IllegalArgumentException(
            "%s: the claim '%s' is of rows and columns that it has not".formatted(name, claim));
      }
    }
  }
}
