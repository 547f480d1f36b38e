package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.onemall.config.ConfigWriter;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.orchestrator.pipeline.Version;
import org.onemall.report.ReportData;
import org.onemall.run.Artefact;
import org.onemall.shop.Scenario;

/** Puts the figures of all stages together: a page for people, and the same as JSON. */
public final class ReportStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.shared("report")
        .reads(
            Artefact.ITEMS,
            Artefact.INTERACTIONS,
            Artefact.USERS,
            Artefact.PERIODS,
            Artefact.FUNNEL,
            Artefact.ROOM_STATES,
            Artefact.ITEM_PAIRS,
            Artefact.WATCHING_EVIDENCE,
            Artefact.ITEM_NEIGHBOURS,
            Artefact.TOKENIZER_CARD,
            Artefact.SEMANTIC_IDS,
            Artefact.SCORECARD,
            Artefact.SID_TREE,
            Artefact.TRAINING,
            Artefact.EVALUATION)
        .writes(Artefact.REPORT_PAGE, Artefact.REPORT);
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
    data.made(context.provenance());
    for (Scenario scenario : config.scenarios()) {
      data.scenario(
          scenario,
          new ReportData.Artefacts(
              context.file(scenario, Artefact.SCORECARD),
              context.file(scenario, Artefact.TRAINING),
              context.file(scenario, Artefact.EVALUATION),
              context.file(scenario, Artefact.SEMANTIC_IDS),
              context.file(scenario, Artefact.SID_TREE),
              switch (scenario) {
                case PRODUCT_CARD, SHORT_VIDEO -> null;
                case LIVE_STREAMING -> context.file(Artefact.ROOM_STATES);
              }),
          context.allocator());
    }
    data.shared(
        new ReportData.Shared(
            context.file(Artefact.FUNNEL),
            context.file(Artefact.PERIODS),
            context.file(Artefact.TOKENIZER_CARD),
            context.file(Artefact.ITEMS),
            context.file(Artefact.USERS),
            context.file(Artefact.ITEM_PAIRS),
            context.file(Artefact.ITEM_NEIGHBOURS)),
        Pictures.source(config),
        context.allocator());
    data.watching(sources.watching(context));
    try (OutputStream out = context.create(Artefact.REPORT_PAGE)) {
      data.writePage(out);
    }
    try (OutputStream out = context.create(Artefact.REPORT)) {
      data.writeJson(out);
    }
  }
}
