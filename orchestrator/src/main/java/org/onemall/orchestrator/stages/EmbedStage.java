package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.onemall.embed.Embedder;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Artefact;
import org.onemall.run.Seeds;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.Periods;
import org.onemall.table.VectorTable;
import org.onemall.tensor.Tensor;
import org.onemall.tokenizer.TokenizerCard;

/** Embeds every item by the tuned tokenizer. */
public final class EmbedStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.shared("embed")
        .reads(
            Artefact.ITEMS,
            Artefact.PERIODS,
            Artefact.TOKENIZER,
            Artefact.PICTURE_FEATURES,
            Artefact.TOKENIZER_CARD)
        .writes(Artefact.ITEM_EMBEDDINGS);
  }

  @Override
  public Object settings(RunConfig config) {
    return config.tokenizer().encoder();
  }

  @Override
  public void run(StageContext context) throws IOException {
    Path items = context.file(Artefact.ITEMS);
    CatalogueItems catalogue = CatalogueItems.read(items, context.allocator());
    try (Tensor vectors =
            Embedder.embed(
                context.models(),
                context.config().tokenizer().encoder(),
                new Embedder.Tuned(
                    TokenizerCard.read(context.file(Artefact.TOKENIZER_CARD)),
                    context.file(Artefact.TOKENIZER),
                    context.file(Artefact.PICTURE_FEATURES)),
                items,
                catalogue.periodEnds(Periods.read(context.file(Artefact.PERIODS))),
                Seeds.of(context.seed(), "embed"),
                context.allocator());
        OutputStream out = context.create(Artefact.ITEM_EMBEDDINGS)) {
      VectorTable.write(vectors, out, context.allocator());
    }
  }
}
