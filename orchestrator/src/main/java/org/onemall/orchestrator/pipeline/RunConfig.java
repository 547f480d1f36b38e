package org.onemall.orchestrator.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onemall.baseline.BaselineConfig;
import org.onemall.codebook.CodebookConfig;
import org.onemall.evaluate.EvaluateConfig;
import org.onemall.ingest.IngestConfig;
import org.onemall.item2item.Item2ItemConfig;
import org.onemall.mall.MallConfig;
import org.onemall.model.Device;
import org.onemall.order.OrderConfig;
import org.onemall.pretrain.PretrainConfig;
import org.onemall.report.ReportConfig;
import org.onemall.represent.RepresentConfig;
import org.onemall.sample.SampleConfig;
import org.onemall.semanticid.SemanticIdConfig;
import org.onemall.shop.Scenario;
import org.onemall.shop.SplitConfig;
import org.onemall.tokenizer.TokenizerConfig;
import org.onemall.twotower.TwoTowerConfig;

/**
 * A whole run, as its YAML file says it: what holds for all stages, then one part for each stage
 * that has settings, named as the stage.
 *
 * @param name of the run; its default folder is {@code runs/<name>}
 * @param seed that every stage's own seed is derived from
 * @param modelSeed the same for the per-scenario stages alone, so that seeds can vary what is
 *     learned from the same tables and embeddings; {@code seed} where it is absent
 * @param threads that computations may use; 0 for all of the machine's
 * @param scenarios that per-scenario stages run for, in the order of {@link Scenario}
 * @param mall a simulated shop that is made first where it isn't there; absent = none
 */
public record RunConfig(
    String name,
    long seed,
    @Nullable Long modelSeed,
    Device device,
    int threads,
    List<Scenario> scenarios,
    @Nullable MallConfig mall,
    IngestConfig ingest,
    SplitConfig split,
    TwoTowerConfig twotower,
    Item2ItemConfig item2item,
    TokenizerConfig tokenizer,
    RepresentConfig represent,
    CodebookConfig codebook,
    SemanticIdConfig semanticid,
    SampleConfig sample,
    PretrainConfig pretrain,
    BaselineConfig baseline,
    OrderConfig order,
    EvaluateConfig evaluate,
    @Nullable ReportConfig report) {
  public RunConfig {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "name: expected letters, digits, '.', '_' and '-' (it names a folder), found '"
              + name
              + "'");
    }
    if (threads < 0) {
      throw new IllegalArgumentException("threads: expected 0 (all) or more, found " + threads);
    }
    if (scenarios.isEmpty() || !scenarios.equals(scenarios.stream().sorted().distinct().toList())) {
      throw new IllegalArgumentException(
          "scenarios: expected some of product_card, short_video, live_streaming in this order,"
              + " each once, found "
              + scenarios.stream().map(Scenario::key).toList());
    }
    scenarios = List.copyOf(scenarios);
  }
}
