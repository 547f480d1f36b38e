package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.onemall.config.ConfigWriter;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.orchestrator.pipeline.Version;
import org.onemall.report.ReportData;
import org.onemall.shop.Scenario;

/** Puts the figures of all stages together: a page for people, and the same as JSON. */
public final class ReportStage implements Stage {
  @Override
  public String name() {
    return "report";
  }

  @Override
  public boolean perScenario() {
    return false;
  }

  @Override
  public List<String> reads() {
    return List.of(
        "items.arrow",
        "interactions.arrow",
        "users.arrow",
        "periods.json",
        "funnel.json",
        "room_states.arrow",
        "item_pairs.arrow",
        "watching_evidence.arrow",
        "tokenizer.json",
        "semantic_ids.arrow",
        "scorecard.json",
        "sid_tree.json",
        "training.json",
        "evaluation.json");
  }

  @Override
  public List<String> writes() {
    return List.of("report.html", "report.json");
  }

  /** All of the config: the page shows it. */
  @Override
  public Object settings(RunConfig config) {
    return config;
  }

  @Override
  public List<Path> sources(RunConfig config) throws IOException {
    return new ReportSources(config).files();
  }

  @Override
  public void run(StageContext context) throws IOException {
    RunConfig config = context.config();
    Map<String, String> versions =
        Map.of("onemall", Version.current(), "java", Runtime.version().toString());
    ReportData data =
        new ReportData(
            config.name(), config.seed(), ConfigWriter.yaml(config), new TreeMap<>(versions));
    ReportSources sources = new ReportSources(config);
    sources.describe(data);
    for (Scenario scenario : config.scenarios()) {
      data.scenario(
          scenario,
          new ReportData.Artefacts(
              context.input(scenario, "scorecard.json"),
              context.input(scenario, "training.json"),
              context.input(scenario, "evaluation.json"),
              context.input(scenario, "semantic_ids.arrow"),
              context.input(scenario, "sid_tree.json"),
              scenario == Scenario.LIVE_STREAMING ? context.input("room_states.arrow") : null),
          context.allocator());
    }
    data.shared(
        new ReportData.Shared(
            context.input("funnel.json"),
            context.input("periods.json"),
            context.input("tokenizer.json"),
            context.input("items.arrow"),
            context.input("users.arrow"),
            context.input("item_pairs.arrow")),
        Pictures.source(config),
        context.allocator());
    data.watching(sources.watching(context));
    try (OutputStream out = context.create("report.html")) {
      data.writePage(out);
    }
    try (OutputStream out = context.create("report.json")) {
      data.writeJson(out);
    }
  }
}
