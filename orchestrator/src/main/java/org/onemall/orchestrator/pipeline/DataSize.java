package org.onemall.orchestrator.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.onemall.run.Artefact;
import org.onemall.run.CodeVersion;
import org.onemall.run.JsonFile;
import org.onemall.run.RunFolder;
import org.onemall.run.StageFolder;
import org.onemall.shop.Period;
import org.onemall.shop.Periods;
import org.onemall.shop.Scenario;
import org.onemall.shop.ShopSize;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How large the shop of a draft is. Ingest counts it, so ingest runs first where a setting follows
 * from the data; it is then kept under the key of the config with numbers, which is the same work.
 */
public final class DataSize {
  private static final Logger LOG = LoggerFactory.getLogger(DataSize.class);
  private final RunDraft draft;
  private final Pipeline pipeline;
  private final List<RunFolder> folders;
  private final CodeVersion code;

  /**
   * Looks nowhere yet.
   *
   * @param folders the run's own, then others that may have finished ingest with these settings
   * @param code whose artefacts count
   */
  public DataSize(RunDraft draft, Pipeline pipeline, List<RunFolder> folders, CodeVersion code) {
    this.draft = draft;
    this.pipeline = pipeline;
    this.folders = List.copyOf(folders);
    this.code = code;
  }

  /**
   * The size by a finished ingest of these settings; empty where there is none, or where nothing
   * follows from the data.
   */
  public Optional<ShopSize> known() {
    for (RunFolder folder : folders) {
      try {
        Plan plan = new Plan(config(ShopSize.UNKNOWN), folder, pipeline, code);
        Step ingest = ingest(plan);
        ShopSize shop = read(folder.stage(ingest.folder()));
        if (new Plan(config(shop), folder, pipeline, code).judge(ingest).upToDate()) {
          return Optional.of(shop);
        }
      } catch (IOException e) {
        // This folder knows nothing of these data.
      }
    }
    return Optional.empty();
  }

  /** The same, with ingest run in the first folder where it has to. */
  public ShopSize measured(LazyModels models) throws IOException, StageException {
    if (draft.resolve(ShopSize.UNKNOWN).chosen().isEmpty()) {
      return ShopSize.UNKNOWN;
    }
    Optional<ShopSize> known = known();
    if (known.isPresent()) {
      return known.get();
    }
    RunFolder folder = folders.getFirst();
    Plan before = new Plan(config(ShopSize.UNKNOWN), folder, pipeline, code);
    Step ingest = ingest(before);
    new Runner(config(ShopSize.UNKNOWN), folder, before, models).only(ingest);
    StageFolder stage = folder.stage(ingest.folder());
    ShopSize shop = read(stage);
    stage.settle(new Plan(config(shop), folder, pipeline, code).judge(ingest).recipe());
    return shop;
  }

  /** Says what was chosen. */
  public static void log(Map<String, String> chosen) {
    chosen.forEach((key, value) -> LOG.info("{}: auto -> {}", key, value));
  }

  private RunConfig config(ShopSize shop) {
    return draft.resolve(shop).config();
  }

  private static Step ingest(Plan plan) {
    return plan.steps().stream()
        .filter(step -> step.stage().writes().contains(Artefact.FUNNEL))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no stage writes " + Artefact.FUNNEL));
  }

  private static ShopSize read(StageFolder ingest) throws IOException {
    JsonNode funnel = JsonFile.read(ingest.artefact(Artefact.FUNNEL.fileName()), JsonNode.class);
    Periods periods = Periods.read(ingest.artefact(Artefact.PERIODS.fileName()));
    Map<Scenario, Integer> items = new EnumMap<>(Scenario.class);
    long events = 0;
    if (funnel.has("scenarios")) {
      for (Scenario scenario : Scenario.values()) {
        JsonNode counts = funnel.path("scenarios").path(scenario.key());
        if (counts.path("items").asInt() > 0) {
          items.put(scenario, counts.path("items").asInt());
          events += counts.path("clicks").asLong();
        }
      }
    } else {
      items.put(Scenario.PRODUCT_CARD, funnel.path("items").asInt());
      events = funnel.path("interactions").asLong();
    }
    JsonNode counts = funnel.path("periods");
    return new ShopSize(
        items,
        funnel.path("users").asLong(),
        Math.max(1, events),
        funnel.path("requests").asLong(),
        counts.path(Period.TRAIN.key()).path("requests").asLong(),
        counts.path(Period.TEST.key()).path("requests").asLong(),
        (periods.lastMs() - periods.firstMs()) / (double) Periods.DAY_MS);
  }
}
