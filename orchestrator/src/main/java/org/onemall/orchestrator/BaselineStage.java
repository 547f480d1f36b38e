package org.onemall.orchestrator;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.onemall.baseline.BaselineConfig;
import org.onemall.baseline.BaselineParameters;
import org.onemall.baseline.BaselineTuner;
import org.onemall.ingest.Baskets;
import org.onemall.ingest.Periods;

/** Chooses the baselines' parameters on the validation period. */
final class BaselineStage implements Stage {
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
    return List.of("items.arrow", "users.arrow", "interactions.arrow", "periods.json");
  }

  @Override
  public List<String> writes() {
    return List.of("baselines.json");
  }

  @Override
  public Object settings(RunConfig config) {
    return config.baseline();
  }

  @Override
  public void run(StageContext context) throws IOException {
    BaselineConfig config = context.config().baseline();
    Periods periods = Periods.read(context.input("periods.json"));
    Baskets baskets = Inputs.baskets(context, config.behavior());
    BaselineParameters chosen = BaselineTuner.tune(baskets, periods, config, context.threads());
    context.metric(chosen.validation());
    try (OutputStream out = context.create("baselines.json")) {
      chosen.write(out);
    }
  }
}
