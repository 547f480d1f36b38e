package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onemall.item2item.WatchingEvidence;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.report.ClickCauses;
import org.onemall.report.ReportConfig;
import org.onemall.report.ReportData;
import org.onemall.run.Artefact;

/** What the report reads from outside the run: the source's own description, and a mall's truth. */
public final class ReportSources {
  private final @Nullable Path folder;
  private final @Nullable Path truth;

  ReportSources(RunConfig config) {
    ReportConfig report = config.report();
    folder = config.ingest().folder();
    truth = report == null ? null : report.truth();
  }

  private @Nullable Path card() {
    Path card = folder == null ? null : folder.resolve("README.md");
    return card != null && Files.isRegularFile(card) ? card : null;
  }

  List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    Path card = card();
    if (card != null) {
      files.add(card);
    }
    try {
      files.addAll(truth == null ? List.of() : ClickCauses.files(truth));
    } catch (IOException e) {
      throw new IOException(
          "report.truth: %s can't be read as the truth of a mall: %s; correct the config, or leave it out"
              .formatted(truth, e),
          e);
    }
    return files;
  }

  /** Says where the data come from. */
  void describe(ReportData data) throws IOException {
    if (folder != null) {
      Path card = card();
      data.source(card == null ? "" : Files.readString(card), Pictures.isMall(folder));
    }
  }

  /** The watching pairs filter by filter, and how many are true where that is known. */
  List<ReportData.Watched> watching(StageContext context) throws IOException {
    ClickCauses causes =
        truth == null
            ? null
            : ClickCauses.read(
                truth,
                context.file(Artefact.ITEMS),
                context.file(Artefact.INTERACTIONS),
                context.allocator());
    List<int[]> known =
        causes == null ? List.of(new int[0], new int[0], new int[0]) : causes.columns();
    List<ReportData.Watched> filters = new ArrayList<>();
    WatchingEvidence.worth(
            context.file(Artefact.WATCHING_EVIDENCE),
            known.get(0),
            known.get(1),
            known.get(2),
            context.allocator())
        .forEach((rule, worth) ->
            filters.add(
                new ReportData.Watched(
                    rule,
                    worth.pairs(),
                    worth.clicksWithPair(),
                    causes == null ? null : worth.truePairs(),
                    causes == null ? null : worth.causedFound())));
    return filters;
  }
}
