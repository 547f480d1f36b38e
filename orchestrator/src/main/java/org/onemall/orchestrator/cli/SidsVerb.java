package org.onemall.orchestrator.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.run.Artefact;
import org.onemall.run.FinishedRun;
import org.onemall.run.RunFolder;
import org.onemall.semanticid.ItemLabels;
import org.onemall.semanticid.Scorecard;
import org.onemall.semanticid.SemanticIds;
import org.onemall.semanticid.SidMigration;
import org.onemall.shop.Scenario;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "sids",
    description =
        "Shows how well a run's Semantic IDs tell items apart and keep like ones together, or what"
            + " another run's codebook would change.")
public final class SidsVerb implements Callable<Integer> {
  private static final int SHOWN = 20;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Folder of the run.")
  private Path run = Path.of("");

  @Option(
      names = "--scenario",
      paramLabel = "SCENARIO",
      description = "product_card, short_video or live_streaming (default: all of the run).")
  private @Nullable Scenario scenario;

  @Option(
      names = "--against",
      paramLabel = "OTHER",
      description =
          "Folder of a run on the same items with another codebook: which items move from RUN to it.")
  private @Nullable Path against;

  @Override
  public Integer call() throws IOException {
    PrintWriter results = spec.commandLine().getOut();
    List<Scenario> scenarios =
        scenario == null
            ? Arrays.stream(Scenario.values())
                .filter(each -> open(run, each).has(Artefact.SEMANTIC_IDS))
                .toList()
            : List.of(scenario);
    if (scenarios.isEmpty()) {
      open(run, Scenario.PRODUCT_CARD).file(Artefact.SEMANTIC_IDS); // says what there is instead
    }
    for (Scenario each : scenarios) {
      FinishedRun finished = open(run, each);
      results.println(each.key());
      if (against == null) {
        ScorecardText.write(Scorecard.read(finished.file(Artefact.SCORECARD)), results);
      } else {
        compare(finished, open(against, each), results);
      }
      results.println();
    }
    results.flush();
    return 0;
  }

  private static FinishedRun open(Path run, Scenario scenario) {
    return new FinishedRun(new RunFolder(run), scenario.key());
  }

  private void compare(FinishedRun before, FinishedRun after, PrintWriter results)
      throws IOException {
    if (!before.hash(Artefact.ITEMS).equals(after.hash(Artefact.ITEMS))) {
      throw new IOException(
          "%s and %s number their items differently (%s of stage ingest differs); compare runs on the same data with the same seed"
              .formatted(run, against, Artefact.ITEMS));
    }
    try (RootAllocator allocator = new RootAllocator()) {
      SidMigration migration =
          SidMigration.of(
              SemanticIds.read(before.file(Artefact.SEMANTIC_IDS), allocator),
              SemanticIds.read(after.file(Artefact.SEMANTIC_IDS), allocator));
      int[] moved = migration.levels().getLast().which();
      int[] shown = Arrays.copyOf(moved, Math.min(SHOWN, moved.length));
      ItemLabels labels =
          ItemLabels.read(
              before.file(Artefact.ITEMS),
              item -> Arrays.binarySearch(shown, item) >= 0,
              allocator);
      ScorecardText.write(migration, shown, labels, results);
    }
  }
}
