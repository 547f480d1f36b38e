package org.onemall.orchestrator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.orchestrator.pipeline.Step;
import org.onemall.orchestrator.stages.StandardPipeline;
import org.onemall.run.Recipe;
import org.onemall.run.RunFolder;
import org.onemall.run.StageWriter;
import org.onemall.shop.Scenario;

class ClosingLinesTest {
  private static final String EVALUATION =
      """
      {"models": {
         "onemall": {"HR@10": {"value": 0.1, "low": 0.09, "high": 0.11},
                     "HR@50": {"value": 0.2952, "low": 0.273, "high": 0.318},
                     "new_HR@50": {"value": 0.028, "low": 0.02, "high": 0.03}},
         "markov": {"HR@50": {"value": 0.221, "low": 0.2, "high": 0.24}},
         "item_knn": {"HR@50": {"value": 0.2857, "low": 0.264, "high": 0.309},
                      "new_HR@50": {"value": 0.025, "low": 0.02, "high": 0.03}},
         "recent": {"HR@50": {"value": 0.141, "low": 0.13, "high": 0.15},
                    "new_HR@50": {"value": 0.108, "low": 0.1, "high": 0.12}},
         "generator": {"HR@50": {"value": 0.9, "low": 0.9, "high": 0.9}}},
       "baselines": ["markov", "item_knn", "recent"],
       "comparisons": [
         {"baseline": "item_knn", "metric": "HR@50", "verdict": "better",
          "difference": {"value": 0.0095, "low": 0.0057, "high": 0.0134}},
         {"baseline": "recent", "metric": "HR@50", "verdict": "better",
          "difference": {"value": 0.1542, "low": 0.1, "high": 0.2}}]}
      """;

  @TempDir Path folder;

  private void stage(String name, String file, String content) throws IOException {
    Recipe recipe = new Recipe(name, "settings", 1, List.of(), List.of());
    StageWriter writer = new RunFolder(folder).stage(name).writer(recipe, "test");
    writer.write(file, path -> Files.writeString(path, content));
    writer.commit(List.of(file), Map.of());
  }

  private static Map<Step, Double> seconds(Scenario... scenarios) {
    Map<Step, Double> seconds = new LinkedHashMap<>();
    for (Step step : StandardPipeline.create().steps(List.of(scenarios))) {
      if (step.stage().name().equals("pretrain")) {
        seconds.put(step, 40.0);
      } else if (step.stage().name().equals("report")) {
        seconds.put(step, 3.0);
      }
    }
    return seconds;
  }

  @Test
  void theHeadlineIsHeldAgainstTheBestBaselineWhereItWinsAndWhereItLoses() throws IOException {
    stage("12-evaluate.product_card", "evaluation.json", EVALUATION);
    stage("13-report", "report.html", "<html>");
    List<String> lines =
        new ClosingLines(new RunFolder(folder))
            .ofWhole(List.of(Scenario.PRODUCT_CARD), seconds(Scenario.PRODUCT_CARD), 13);
    assertThat(lines)
        .containsExactly(
            "product_card     HR@50 29.5 % [27.3, 31.8], best baseline item_knn 28.6 % [26.4, 30.9];"
                + " difference +1.0 points [+0.6, +1.3], better",
            "                 new_HR@50 2.8 % [2.0, 3.0], best baseline recent 10.8 % [10.0, 12.0]",
            "report           " + folder.resolve("13-report/report.html").toUri(),
            "time             43 s; 2 of 13 steps ran, longest pretrain 40 s, report 3 s",
            "next             ./onemall check " + folder);
  }

  @Test
  void timeIsByStageOverAllScenariosAndAPartSaysHowItGoesOn() {
    assertThat(
            new ClosingLines(new RunFolder(folder))
                .ofPart(seconds(Scenario.PRODUCT_CARD, Scenario.SHORT_VIDEO), 9))
        .containsExactly(
            "run              " + folder,
            "time             1 min 23 s; 3 of 9 steps ran, longest pretrain 1 min 20 s, report 3 s",
            "next             the same command without --to goes on from there");
  }

  @Test
  void whereNothingRanNothingIsTimed() {
    assertThat(new ClosingLines(new RunFolder(folder)).ofPart(Map.of(), 9))
        .contains("time             0 s; 0 of 9 steps ran");
  }
}
