package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.represent.ItemRepresentation;
import org.onemall.represent.LiveTower;
import org.onemall.represent.RepresentConfig;
import org.onemall.represent.Represented;
import org.onemall.run.Artefact;
import org.onemall.run.Progress;
import org.onemall.run.Seeds;
import org.onemall.semanticid.CardCodes;
import org.onemall.semanticid.SemanticIds;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.Periods;
import org.onemall.shop.RoomStates;
import org.onemall.shop.Scenario;
import org.onemall.table.VectorTable;
import org.onemall.tensor.Tensor;
import org.onemall.training.Checkpoints;

/** Makes what is known of every item, and of that the vectors that a scenario is quantised by. */
public final class RepresentStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.perScenario("represent")
        .reads(
            Artefact.ITEMS,
            Artefact.INTERACTIONS,
            Artefact.ROOM_STATES,
            Artefact.PERIODS,
            Artefact.ITEM_EMBEDDINGS,
            Artefact.TOWER_EMBEDDINGS)
        .writes(Artefact.ITEM_VECTORS, Artefact.ITEM_FEATURES, Artefact.REPRESENT_SUMMARY);
  }

  /** A room is made of its products' Semantic IDs. */
  @Override
  public List<Earlier> readsEarlier(Scenario scenario) {
    return switch (scenario) {
      case PRODUCT_CARD, SHORT_VIDEO -> List.of();
      case LIVE_STREAMING -> List.of(new Earlier(Scenario.PRODUCT_CARD, Artefact.SEMANTIC_IDS));
    };
  }

  @Override
  public void check(RunConfig config) {
    config.represent().checkScenarios(config.scenarios());
  }

  @Override
  public Object settings(RunConfig config) {
    return config.represent();
  }

  @Override
  public void run(StageContext context) throws IOException {
    BufferAllocator allocator = context.allocator();
    RepresentConfig config = context.config().represent();
    CatalogueItems items = CatalogueItems.read(context.file(Artefact.ITEMS), allocator);
    try (Tensor features = ItemRepresentation.features(context, config, allocator);
        Represented made =
            switch (context.scenario()) {
              case PRODUCT_CARD -> ItemRepresentation.cards(items, features, allocator);
              case SHORT_VIDEO ->
                  ItemRepresentation.videos(
                      Objects.requireNonNull(config.video()), items, features, allocator);
              case LIVE_STREAMING ->
                  live(context, Objects.requireNonNull(config.live()), items, features);
            }) {
      try (OutputStream out = context.create(Artefact.ITEM_FEATURES)) {
        VectorTable.write(features, out, allocator);
      }
      try (OutputStream out = context.create(Artefact.ITEM_VECTORS)) {
        made.vectors().write(out, allocator);
      }
      try (OutputStream out = context.create(Artefact.REPRESENT_SUMMARY)) {
        made.writeSummary(out);
      }
    }
  }

  private static Represented live(
      StageContext context, RepresentConfig.Live config, CatalogueItems items, Tensor features)
      throws IOException {
    BufferAllocator allocator = context.allocator();
    SemanticIds sids =
        SemanticIds.read(context.file(Scenario.PRODUCT_CARD, Artefact.SEMANTIC_IDS), allocator);
    RoomStates states = RoomStates.read(context.file(Artefact.ROOM_STATES), allocator);
    LiveTower tower =
        new LiveTower(config, items, states, features, new CardCodes(sids), allocator);
    try (Progress progress = context.progress("live tower steps", config.steps())) {
      return tower.represent(
          context.models(),
          context.file(Artefact.INTERACTIONS),
          Periods.read(context.file(Artefact.PERIODS)).validationFromMs(),
          Seeds.of(context.seed(), "live tower"),
          new Checkpoints(context.checkpoints()),
          context.steps(progress));
    }
  }
}
