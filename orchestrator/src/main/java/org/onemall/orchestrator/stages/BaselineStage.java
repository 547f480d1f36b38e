package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.onemall.baseline.BaselineConfig;
import org.onemall.baseline.BaselineParameters;
import org.onemall.baseline.BaselineTuner;
import org.onemall.baseline.Shelf;
import org.onemall.offer.Assortments;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.shop.Baskets;
import org.onemall.shop.Periods;

/** Chooses the baselines' parameters on the validation period. */
public final class BaselineStage implements Stage {
  @Override
  public String name() {
    return "baseline";
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
        "users.arrow",
        "interactions.arrow",
        "room_states.arrow",
        "periods.json",
        "semantic_ids.arrow");
  }

  @Override
  public List<String> writes() {
    return List.of("baselines.json");
  }

  @Override
  public Object settings(RunConfig config) {
    return config.baseline();
  }

  /** What the scenario offers, as baselines see it. */
  private static Shelf shelf(Assortments offer) {
    return new Shelf() {
      @Override
      public boolean has(int item, long timeMs) {
        return offer.has(item, timeMs);
      }

      @Override
      public void mask(long timeMs, float[] scores) {
        offer.at(timeMs).mask(scores);
      }
    };
  }

  @Override
  public void run(StageContext context) throws IOException {
    BaselineConfig config = context.config().baseline();
    Periods periods = Periods.read(context.input("periods.json"));
    Baskets baskets = Inputs.baskets(context, config.behavior());
    Assortments offer = Inputs.assortments(context);
    BaselineParameters chosen =
        BaselineTuner.tune(
            baskets, shelf(offer), context.scenario(), periods, config, context.threads());
    context.metric(chosen.validation());
    try (OutputStream out = context.create("baselines.json")) {
      chosen.write(out);
    }
  }
}
