package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.onemall.embed.Embedder;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Seeds;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.table.VectorTable;
import org.onemall.tensor.Tensor;
import org.onemall.tokenizer.TokenizerCard;

/** Embeds every item by the tuned tokenizer. */
public final class EmbedStage implements Stage {
  @Override
  public String name() {
    return "embed";
  }

  @Override
  public boolean perScenario() {
    return false;
  }

  @Override
  public List<String> reads() {
    return List.of(
        "items.arrow", "tokenizer.safetensors", "picture_features.arrow", "tokenizer.json");
  }

  @Override
  public List<String> writes() {
    return List.of("item_embeddings.arrow");
  }

  @Override
  public Object settings(RunConfig config) {
    return config.tokenizer().encoder();
  }

  @Override
  public void run(StageContext context) throws IOException {
    try (Tensor vectors =
            Embedder.embed(
                context.models(),
                context.config().tokenizer().encoder(),
                new Embedder.Tuned(
                    TokenizerCard.read(context.input("tokenizer.json")),
                    context.input("tokenizer.safetensors"),
                    context.input("picture_features.arrow")),
                context.input("items.arrow"),
                Seeds.of(context.seed(), "embed"),
                context.allocator());
        OutputStream out = context.create("item_embeddings.arrow")) {
      VectorTable.write(vectors, out, context.allocator());
    }
  }
}
