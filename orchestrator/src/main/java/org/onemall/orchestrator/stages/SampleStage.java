package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.offer.Assortments;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Artefact;
import org.onemall.sample.History;
import org.onemall.sample.Popularity;
import org.onemall.sample.Requests;
import org.onemall.sample.SampleConfig;
import org.onemall.sample.SampleSummary;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.Periods;

/** Finds the requests with their targets, and counts the items before each snapshot. */
public final class SampleStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.perScenario("sample")
        .reads(
            Artefact.ITEMS,
            Artefact.INTERACTIONS,
            Artefact.ROOM_STATES,
            Artefact.PERIODS,
            Artefact.SEMANTIC_IDS)
        .writes(Artefact.REQUESTS, Artefact.ITEM_POPULARITY, Artefact.SAMPLE_SUMMARY);
  }

  /** It draws nothing. */
  @Override
  public boolean usesModelSeed() {
    return false;
  }

  @Override
  public Object settings(RunConfig config) {
    return config.sample();
  }

  @Override
  public void run(StageContext context) throws IOException {
    SampleConfig config = context.config().sample();
    BufferAllocator allocator = context.allocator();
    Periods periods = Periods.read(context.file(Artefact.PERIODS));
    Assortments offer = Assortments.read(context, context.scenario(), allocator);
    int items = CatalogueItems.read(context.file(Artefact.ITEMS), allocator).size();
    try (History history = History.read(context.file(Artefact.INTERACTIONS), items, allocator)) {
      try (Requests requests =
          Requests.of(history, periods, config.targetBehavior(), offer, allocator)) {
        try (OutputStream out = context.create(Artefact.REQUESTS)) {
          requests.write(out, allocator);
        }
        try (OutputStream out = context.create(Artefact.SAMPLE_SUMMARY)) {
          requests
              .summary(SampleSummary.dropped(history, config.targetBehavior(), offer::missing))
              .write(out);
        }
      }
      try (Popularity popularity = Popularity.of(history, periods, config, allocator);
          OutputStream out = context.create(Artefact.ITEM_POPULARITY)) {
        popularity.write(out, allocator);
      }
    }
  }
}
