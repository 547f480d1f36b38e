package org.onemall.orchestrator.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.onemall.orchestrator.pipeline.Declaration;
import org.onemall.orchestrator.pipeline.RunConfig;
import org.onemall.orchestrator.pipeline.Stage;
import org.onemall.orchestrator.pipeline.StageContext;
import org.onemall.run.Artefact;
import org.onemall.run.Progress;
import org.onemall.run.Seeds;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.Periods;
import org.onemall.tokenizer.ItemTokenizer;
import org.onemall.tokenizer.TokenizerConfig;
import org.onemall.tokenizer.TokenizerInputs;

/** Tunes the item tokenizer on the item pairs, and keeps what its vision makes of the pictures. */
public final class TokenizerStage implements Stage {
  @Override
  public Declaration declaration() {
    return Declaration.shared("tokenizer")
        .reads(Artefact.ITEMS, Artefact.PERIODS, Artefact.ITEM_PAIRS)
        .writes(Artefact.TOKENIZER, Artefact.PICTURE_FEATURES, Artefact.TOKENIZER_CARD);
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
    Path items = context.file(Artefact.ITEMS);
    int known =
        CatalogueItems.read(items, context.allocator())
            .before(Periods.read(context.file(Artefact.PERIODS)).validationFromMs());
    try (Progress progress = context.progress("tokenizer steps", config.allSteps());
        ItemTokenizer tokenizer =
            ItemTokenizer.train(
                context.models(),
                config,
                new TokenizerInputs(
                    items,
                    known,
                    context.file(Artefact.ITEM_PAIRS),
                    Pictures.source(context.config()),
                    context.checkpoints()),
                context.threads(),
                Seeds.of(context.seed(), "tokenizer"),
                context.allocator(),
                context.steps(progress))) {
      context.write(Artefact.TOKENIZER, tokenizer::save);
      try (OutputStream out = context.create(Artefact.PICTURE_FEATURES)) {
        tokenizer.writeFeatures(out, context.allocator());
      }
      try (OutputStream out = context.create(Artefact.TOKENIZER_CARD)) {
        tokenizer.card().write(out);
      }
    }
  }
}
