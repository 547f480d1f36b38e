package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.offer.Assortments;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.sample.History;
import org.onemall.sample.Popularity;
import org.onemall.sample.Requests;
import org.onemall.sample.SampleConfig;
import org.onemall.sample.SampleSummary;
import org.onemall.shop.Periods;

/** Finds the requests with their targets, and counts the items before each snapshot. */
public final class SampleStage implements Stage {
  @Override
  public String name() {
    return "sample";
  }

  @Override
  public boolean perScenario() {
    return true;
  }

  /** It draws nothing. */
  @Override
  public boolean usesModelSeed() {
    return false;
  }

  @Override
  public List<String> reads() {
    return List.of(
        "items.arrow",
        "interactions.arrow",
        "room_states.arrow",
        "periods.json",
        "semantic_ids.arrow");
  }

  @Override
  public List<String> writes() {
    return List.of("requests.arrow", "item_popularity.arrow", "sample.json");
  }

  @Override
  public Object settings(RunConfig config) {
    return config.sample();
  }

  @Override
  public void run(StageContext context) throws IOException {
    SampleConfig config = context.config().sample();
    BufferAllocator allocator = context.allocator();
    Periods periods = Periods.read(context.input("periods.json"));
    Assortments offer = Inputs.assortments(context);
    try (History history =
        History.read(context.input("interactions.arrow"), Inputs.items(context), allocator)) {
      try (Requests requests =
          Requests.of(history, periods, config.targetBehavior(), offer::has, allocator)) {
        try (OutputStream out = context.create("requests.arrow")) {
          requests.write(out, allocator);
        }
        try (OutputStream out = context.create("sample.json")) {
          requests
              .summary(SampleSummary.dropped(history, config.targetBehavior(), offer::missing))
              .write(out);
        }
      }
      try (Popularity popularity = Popularity.of(history, periods, config, allocator);
          OutputStream out = context.create("item_popularity.arrow")) {
        popularity.write(out, allocator);
      }
    }
  }
}
