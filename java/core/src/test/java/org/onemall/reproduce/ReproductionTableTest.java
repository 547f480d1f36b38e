package org.onemall.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.onemall.reproduce.Experiment.Claim;
import org.onemall.reproduce.Experiment.Figure;
import org.onemall.reproduce.Experiment.Variant;
import org.onemall.run.Artefact;
import org.onemall.shop.Scenario;

class ReproductionTableTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Variant OLD = new Variant("old", "Res-KMeans", List.of());
  private static final Variant NEW = new Variant("new", "+ FSQ", List.of("codebook.last=fsq"));
  private static final List<Figure> FIGURES =
      List.of(
          new Figure("conflict", Artefact.SCORECARD, "/after/conflict"),
          new Figure("HR@50", Artefact.EVALUATION, "/models/generator/HR@50"),
          new Figure("HR@100", Artefact.EVALUATION, "/models/generator/HR@100"),
          new Figure("HR@500", Artefact.EVALUATION, "/models/generator/HR@500"));
  private static final Experiment EXPERIMENT =
      new Experiment(
          "table5",
          "codebooks",
          List.of(Scenario.PRODUCT_CARD),
          List.of(OLD, NEW),
          FIGURES,
          List.of(
              new Claim("lowers conflict", "new", "old", "conflict", false),
              new Claim("raises HR@50", "new", "old", "HR@50", true),
              new Claim("raises HR@100", "new", "old", "HR@100", true),
              new Claim("raises HR@500", "new", "old", "HR@500", true)),
          List.of());

  private static Map<Artefact, JsonNode> artefacts(double conflict, double hr50, double hr100)
      throws IOException {
    return Map.of(
        Artefact.SCORECARD,
        JSON.readTree("{\"after\": {\"conflict\": %s}}".formatted(conflict)),
        Artefact.EVALUATION,
        JSON.readTree(
            "{\"models\": {\"generator\": {\"HR@50\": {\"value\": %s, \"low\": 0.1, \"high\": 0.9}, \"HR@100\": {\"value\": %s}}}}"
                .formatted(hr50, hr100)));
  }

  private static ReproductionTable table(double[] hr50, double[] hr100) throws IOException {
    ReproductionTable table = new ReproductionTable(EXPERIMENT, "mall", List.of(1L, 2L, 3L));
    for (int i = 0; i < 3; i++) {
      table.add(Scenario.PRODUCT_CARD, OLD, i + 1, artefacts(.36, .3 + i * .1, .5));
      table.add(
          Scenario.PRODUCT_CARD, NEW, i + 1, artefacts(.11, .3 + i * .1 + hr50[i], .5 + hr100[i]));
    }
    return table;
  }

  private static List<String> verdicts(double[] hr50, double[] hr100) throws IOException {
    return JSON.readTree(table(hr50, hr100).json()).path("claims").findValuesAsText("verdict");
  }

  @Test
  void verdictsComeFromPairedDifferences() throws IOException {
    assertThat(verdicts(new double[] {.01, .012, .011}, new double[] {-.02, -.021, -.022}))
        .as("seeds differ far more than rows do, but alike in both rows")
        .containsExactly("holds", "holds", "does not hold", "not measured");
    assertThat(verdicts(new double[] {.01, -.01, .02}, new double[] {0, 0, 0}))
        .containsExactly("holds", "within noise", "within noise", "not measured");
  }

  @Test
  void rowsHaveMeanAndInterval() throws IOException {
    JsonNode root = JSON.readTree(table(new double[] {0, 0, 0}, new double[] {0, 0, 0}).json());
    JsonNode figure = root.at("/rows/0/figures/HR@50");
    assertThat(figure.path("mean").asDouble()).isCloseTo(.4, within(1e-12));
    double half = 4.3027 * .1 / Math.sqrt(3);
    assertThat(figure.path("low").asDouble()).isCloseTo(.4 - half, within(1e-12));
    assertThat(figure.path("high").asDouble()).isCloseTo(.4 + half, within(1e-12));
    assertThat(figure.at("/by_seed/3").asDouble()).isCloseTo(.5, within(1e-12));
    assertThat(root.at("/rows/0/figures").has("HR@500")).as("no run measured it").isFalse();
    assertThat(root.at("/rule").asText()).contains("t-interval");
    assertThat(root.at("/users")).as("each run's own interval").hasSize(6);
  }

  @Test
  void theTextSaysTheSame() throws IOException {
    String text = table(new double[] {.01, .012, .011}, new double[] {0, 0, 0}).markdown();
    assertThat(text)
        .contains("# table5: codebooks", "## product_card", "|  | conflict | HR@50 |")
        .contains("| Res-KMeans | 36.0 [36.0, 36.0] |", "| – |")
        .contains("| lowers conflict (product_card) | conflict | -25.00 [-25.00, -25.00] |")
        .contains("**holds**", "**within noise**", "**not measured**", "t-interval");
  }

  @Test
  void claimsAreOfTheTable() {
    Claim lost = new Claim("raises HR@7", "new", "old", "HR@7", true);
    assertThatThrownBy(() ->
            new Experiment(
                "x", "", List.of(), List.of(OLD, NEW), FIGURES, List.of(lost), List.of()))
        .hasMessageContaining("raises HR@7");
  }
}
