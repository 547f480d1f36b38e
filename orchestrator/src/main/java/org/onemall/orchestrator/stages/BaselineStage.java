package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import org.onemall.baseline.BaselineConfig;
import org.onemall.baseline.BaselineParameters;
import org.onemall.baseline.BaselineTuner;
import org.onemall.offer.Assortments;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Artefact;
import org.onemall.sample.History;
import org.onemall.shop.Baskets;
import org.onemall.shop.Periods;

/** Chooses the baselines' parameters on the validation period. */
public final class BaselineStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.perScenario("baseline")
        .reads(
            Artefact.ITEMS,
            Artefact.USERS,
            Artefact.INTERACTIONS,
            Artefact.ROOM_STATES,
            Artefact.PERIODS,
            Artefact.SEMANTIC_IDS)
        .writes(Artefact.BASELINES);
  }

  /** It draws nothing. */
  @Override
  public boolean usesModelSeed() {
    return false;
  }

  @Override
  public Object settings(RunConfig config) {
    return config.baseline();
  }

  @Override
  public void run(StageContext context) throws IOException {
    BaselineConfig config = context.config().baseline();
    Periods periods = Periods.read(context.file(Artefact.PERIODS));
    Baskets baskets = Baskets.read(context, config.behavior(), context.allocator());
    Assortments offer = Assortments.read(context, context.scenario(), context.allocator());
    BaselineParameters chosen;
    try (History history =
        History.read(context.file(Artefact.INTERACTIONS), baskets.items(), context.allocator())) {
      chosen =
          BaselineTuner.tune(
              baskets, history, offer, context.scenario(), periods, config, context.threads());
    }
    context.metric(chosen.validation());
    try (OutputStream out = context.create(Artefact.BASELINES)) {
      chosen.write(out);
    }
  }
}
