package org.onemall.orchestrator.stages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.pretrain.Pretraining;
import org.onemall.pretrain.TrainingCurve;
import org.onemall.run.Progress;

/** Progress on the terminal and lines in metrics.jsonl. */
public final class TrainingReports implements Pretraining.Listener, AutoCloseable {
  private static final int STEPS_PER_LINE = 20;

  private final StageContext context;
  private final List<Map<String, Double>> recent = new ArrayList<>();
  private Progress progress;
  private boolean started;
  private long lastNanos = System.nanoTime();

  TrainingReports(StageContext context) {
    this.context = context;
    this.progress = context.progress("first step", 1);
  }

  @Override
  public void step(long step, long steps, Map<String, Double> figures) {
    if (!started) {
      progress.close();
      progress = context.progress("training steps", steps);
      progress.step(step - 1);
      started = true;
    }
    progress.step(1);
    recent.add(figures);
    if (recent.size() == STEPS_PER_LINE) {
      line(step);
    }
  }

  private void line(long step) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    for (String name : recent.getFirst().keySet()) {
      recent.stream()
          .filter(figures -> figures.containsKey(name))
          .mapToDouble(figures -> figures.get(name))
          .average()
          .ifPresent(mean -> line.put(name, mean));
    }
    double seconds = (System.nanoTime() - lastNanos) / 1e9;
    int requests = context.config().pretrain().batchRequests() * recent.size();
    line.put(
        "samples_per_second", requests * context.config().pretrain().targetsPerRequest() / seconds);
    context.metric(line);
    recent.clear();
    lastNanos = System.nanoTime();
  }

  @Override
  public void validation(TrainingCurve.Validation validation) {
    context.metric(
        Map.of(
            "step",
            validation.step(),
            "epoch",
            validation.epoch(),
            "validation",
            validation.figures(),
            "acc_sid",
            validation.accSid()));
  }

  @Override
  public void close() {
    progress.close();
  }
}
