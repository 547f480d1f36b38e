package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Seeds;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Progress;
import org.onemall.tokenizer.ItemTokenizer;
import org.onemall.tokenizer.TokenizerConfig;
import org.onemall.tokenizer.TokenizerInputs;

/** Tunes the item tokenizer on the item pairs, and keeps what its vision makes of the pictures. */
public final class TokenizerStage implements Stage {
  @Override
  public String name() {
    return "tokenizer";
  }

  @Override
  public boolean perScenario() {
    return false;
  }

  @Override
  public List<String> reads() {
    return List.of("items.arrow", "item_pairs.arrow");
  }

  @Override
  public List<String> writes() {
    return List.of("tokenizer.safetensors", "picture_features.arrow", "tokenizer.json");
  }

  @Override
  public Object settings(RunConfig config) {
    return config.tokenizer();
  }

  @Override
  public List<Path> sources(RunConfig config) {
    return Pictures.files(config);
  }

  @Override
  public String estimate(RunConfig config) {
    return config.tokenizer().estimate();
  }

  @Override
  public void run(StageContext context) throws IOException {
    TokenizerConfig config = context.config().tokenizer();
    AtomicLong done = new AtomicLong(); // steps that were made before a kill are not told
    try (Progress progress = context.progress("tokenizer steps", config.allSteps());
        ItemTokenizer tokenizer =
            ItemTokenizer.train(
                context.models(),
                config,
                new TokenizerInputs(
                    context.input("items.arrow"),
                    context.input("item_pairs.arrow"),
                    Pictures.source(context.config()),
                    context.checkpoints()),
                context.threads(),
                Seeds.of(context.seed(), "tokenizer"),
                context.allocator(),
                (step, figures) -> {
                  progress.step(step + 1 - done.getAndSet(step + 1));
                  Inputs.metric(context, step, figures);
                })) {
      context.write("tokenizer.safetensors", tokenizer::save);
      try (OutputStream out = context.create("picture_features.arrow")) {
        tokenizer.writeFeatures(out, context.allocator());
      }
      try (OutputStream out = context.create("tokenizer.json")) {
        tokenizer.card().write(out);
      }
    }
  }
}
