package org.onemall.orchestrator.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.onemall.baseline.BaselineConfig;
import org.onemall.codebook.CodebookConfig;
import org.onemall.config.ConfigDraft;
import org.onemall.config.ConfigDraft.Resolved;
import org.onemall.config.ConfigReader;
import org.onemall.config.Defaults;
import org.onemall.config.Rule;
import org.onemall.evaluate.EvaluateConfig;
import org.onemall.item2item.Item2ItemConfig;
import org.onemall.order.OrderConfig;
import org.onemall.pretrain.PretrainConfig;
import org.onemall.represent.RepresentConfig;
import org.onemall.sample.SampleConfig;
import org.onemall.semanticid.SemanticIdConfig;
import org.onemall.shop.ShopSize;
import org.onemall.shop.SplitConfig;
import org.onemall.tokenizer.TokenizerConfig;
import org.onemall.twotower.TwoTowerConfig;

/**
 * A run's config as its file and {@code configs/defaults.yaml} say it: settings that follow from
 * the data are still {@code auto}.
 */
public final class RunDraft {
  private final ConfigDraft draft;

  private RunDraft(ConfigDraft draft) {
    this.draft = draft;
  }

  /**
   * Reads a config.
   *
   * @param overrides {@code a.b=value}, over what the file says
   * @throws org.onemall.config.ConfigException where there is no such file, or no YAML in it
   */
  public static RunDraft read(Path file, List<String> overrides) {
    return new RunDraft(ConfigReader.draft(file, defaults(), overrides, RunConfig.class));
  }

  /** {@code configs/defaults.yaml}. */
  public static Defaults defaults() {
    try (InputStream in =
        RunDraft.class.getResourceAsStream("/org/onemall/orchestrator/defaults.yaml")) {
      if (in == null) {
        throw new IllegalStateException("configs/defaults.yaml is not on the class path");
      }
      return new Defaults(
          "configs/defaults.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The config of a shop of that size, and what was chosen for what is {@code auto}.
   *
   * @throws org.onemall.config.ConfigException that names every problem
   */
  public Resolved<RunConfig> resolve(ShopSize shop) {
    return draft.resolve(rules(shop), RunConfig.class);
  }

  /** What {@code auto} stands for, by key. */
  static Map<String, Rule> rules(ShopSize shop) {
    Map<String, Map<String, Rule>> parts =
        Map.of(
            "split", SplitConfig.rules(shop),
            "twotower", TwoTowerConfig.rules(shop),
            "item2item", Item2ItemConfig.rules(),
            "tokenizer", TokenizerConfig.rules(shop),
            "represent", RepresentConfig.rules(shop),
            "codebook", CodebookConfig.rules(shop),
            "semanticid", SemanticIdConfig.rules(),
            "sample", SampleConfig.rules(shop),
            "pretrain", PretrainConfig.rules(shop),
            "baseline", BaselineConfig.rules(shop));
    Map<String, Rule> rules = new HashMap<>();
    parts.forEach((part, own) -> own.forEach((key, rule) -> rules.put(part + "." + key, rule)));
    OrderConfig.rules(shop).forEach((key, rule) -> rules.put("order." + key, rule));
    EvaluateConfig.rules(shop).forEach((key, rule) -> rules.put("evaluate." + key, rule));
    return rules;
  }
}
