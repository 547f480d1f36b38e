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
import org.onemall.run.Manifest;
import org.onemall.run.RunFolder;
import org.onemall.run.StageFolder;
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
  private static final String IDS = "semantic_ids.arrow";
  private static final String ITEMS = "items.arrow";
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
    RunFolder folder = new RunFolder(run);
    List<String> scenarios =
        scenario == null
            ? Arrays.stream(Scenario.values())
                .map(Scenario::key)
                .filter(key -> has(folder, key))
                .toList()
            : List.of(scenario.key());
    if (scenarios.isEmpty()) {
      folder.finished("semanticid." + Scenario.PRODUCT_CARD.key()); // says what there is instead
    }
    for (String key : scenarios) {
      StageFolder stage = folder.finished("semanticid." + key);
      results.println(key);
      if (against == null) {
        ScorecardText.write(Scorecard.read(stage.artefact("scorecard.json")), results);
      } else {
        compare(folder, new RunFolder(against), key, results);
      }
      results.println();
    }
    results.flush();
    return 0;
  }

  private static boolean has(RunFolder folder, String key) {
    try {
      return folder.finished("semanticid." + key).manifest() != null;
    } catch (IOException e) {
      return false;
    }
  }

  private static void compare(
      RunFolder before, RunFolder after, String scenario, PrintWriter results) throws IOException {
    StageFolder items = before.finished("ingest");
    if (!hash(items).equals(hash(after.finished("ingest")))) {
      throw new IOException(
          "%s and %s number their items differently (%s of stage ingest differs); compare runs on the same data with the same seed"
              .formatted(before.path(), after.path(), ITEMS));
    }
    String stage = "semanticid." + scenario;
    try (RootAllocator allocator = new RootAllocator()) {
      SidMigration migration =
          SidMigration.of(
              SemanticIds.read(before.finished(stage).artefact(IDS), allocator),
              SemanticIds.read(after.finished(stage).artefact(IDS), allocator));
      int[] moved = migration.levels().getLast().which();
      int[] shown = Arrays.copyOf(moved, Math.min(SHOWN, moved.length));
      ItemLabels labels =
          ItemLabels.read(
              items.artefact(ITEMS), item -> Arrays.binarySearch(shown, item) >= 0, allocator);
      ScorecardText.write(migration, shown, labels, results);
    }
  }

  private static String hash(StageFolder ingest) throws IOException {
    Manifest manifest = ingest.manifest();
    Artefact items = manifest == null ? null : manifest.artefacts().get(ITEMS);
    return items == null ? "none" : items.sha256();
  }
}
