package org.onemall.orchestrator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.ingest.Period;
import org.onemall.model.Model;
import org.onemall.model.Models;
import org.onemall.pretrain.BatchSource;
import org.onemall.pretrain.Checkpoints;
import org.onemall.pretrain.Pretraining;
import org.onemall.pretrain.RetrieverShape;
import org.onemall.pretrain.TrainingCurve;
import org.onemall.run.Progress;
import org.onemall.sample.Assembler;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;
import org.onemall.tensor.Tensors;

/** Trains the retriever on requests. */
final class PretrainStage implements Stage {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  @Override
  public String name() {
    return "pretrain";
  }

  @Override
  public boolean perScenario() {
    return true;
  }

  @Override
  public List<String> reads() {
    return RequestTables.READS;
  }

  @Override
  public List<String> writes() {
    return List.of("retriever.safetensors", "training.json");
  }

  @Override
  public Object settings(RunConfig config) {
    return List.of(config.pretrain(), config.sample());
  }

  /** What a retriever of this run is opened with. */
  static RetrieverShape shape(StageContext context, RequestTables tables) throws IOException {
    int width;
    try (TableReader reader =
        new TableReader(
            TableSchema.VECTORS, context.input("item_vectors.arrow"), context.allocator())) {
      width = reader.width();
    }
    return new RetrieverShape(
        context.config().pretrain().retriever(),
        tables.history().items(),
        IntStream.of(tables.sids().sizes()).boxed().toList(),
        width,
        context.config().sample().neighbours(),
        context.config().sample().behaviors());
  }

  @Override
  public void run(StageContext context) throws IOException {
    long seed = Seeds.of(context.seed(), name() + "." + context.scenario().key());
    try (RequestTables tables = new RequestTables(context);
        Model model = context.models().open(Models.Kind.RETRIEVER, shape(context, tables), seed)) {
      tables.feedItems(model);
      BatchSource batches = new Batches(context, tables, tables.assembler());
      Map<String, Double> sizes;
      try (Tensors nothing = new Tensors()) {
        sizes = model.infer("sizes", nothing, nothing);
      }
      TrainingCurve curve;
      try (Reports reports = new Reports(context)) {
        Checkpoints checkpoints = new Checkpoints(context.checkpoints());
        curve =
            new Pretraining(context.config().pretrain(), model, batches, checkpoints, reports, seed)
                .run();
      }
      context.write("retriever.safetensors", file -> model.save(file, false));
      ObjectNode report = JSON.valueToTree(curve);
      report.set("parameters", JSON.valueToTree(sizes));
      try (OutputStream out = context.create("training.json")) {
        out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
      }
    }
  }

  /** Requests of a period, assembled. */
  private static final class Batches implements BatchSource {
    private final int targets;
    private final Assembler assembler;
    private final BufferAllocator allocator;
    private final int[] train;
    private final int[] validation;

    Batches(StageContext context, RequestTables tables, Assembler assembler) {
      this.targets = context.config().pretrain().targetsPerRequest();
      this.assembler = assembler;
      this.allocator = context.allocator();
      this.train = tables.requests().rows(Period.TRAIN);
      this.validation = tables.requests().rows(Period.VALIDATION);
    }

    @Override
    public int trainRequests() {
      return train.length;
    }

    @Override
    public int validationRequests() {
      return validation.length;
    }

    @Override
    public Tensors training(int[] positions, long seed) {
      return batch(train, positions, seed);
    }

    @Override
    public Tensors validation(int[] positions, long seed) {
      return batch(validation, positions, seed);
    }

    private Tensors batch(int[] period, int[] positions, long seed) {
      int[] rows = Arrays.stream(positions).map(position -> period[position]).toArray();
      return assembler.training(rows, targets, new SplittableRandom(seed), allocator);
    }
  }

  /** Progress on the terminal and lines in metrics.jsonl. */
  private static final class Reports implements Pretraining.Listener, AutoCloseable {
    private static final int STEPS_PER_LINE = 20;

    private final StageContext context;
    private final List<Map<String, Double>> recent = new ArrayList<>();
    private Progress progress;
    private boolean started;
    private long lastNanos = System.nanoTime();

    Reports(StageContext context) {
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
        line.put(
            name, recent.stream().mapToDouble(f -> f.getOrDefault(name, 0.0)).average().orElse(0));
      }
      double seconds = (System.nanoTime() - lastNanos) / 1e9;
      int requests = context.config().pretrain().batchRequests() * recent.size();
      line.put(
          "samples_per_second",
          requests * context.config().pretrain().targetsPerRequest() / seconds);
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
}
