package org.onemall.run;

import java.util.List;
import java.util.Map;
import org.onemall.config.ConfigWriter;

/**
 * All that a stage's result depends on, beside the code.
 *
 * @param stage its name, with the scenario's where it runs for one
 * @param settings its part of the config
 * @param inputs what it is fed
 * @param sources hashes of the files from outside the run that it reads
 */
public record Recipe(
    String stage, Object settings, long seed, List<StageInput> inputs, List<String> sources) {
  public Recipe {
    inputs = List.copyOf(inputs);
    sources = List.copyOf(sources);
  }

  /** The key of what a version of the code makes of it: equal keys promise equal artefacts. */
  public String key(String version) {
    return Sha256.of(
        ConfigWriter.json(
            Map.of(
                "format", Manifest.FORMAT,
                "version", version,
                "stage", stage,
                "settings", settings,
                "seed", seed,
                "inputs", inputs,
                "sources", sources)));
  }

  /** Whether a finished stage was made by this recipe, by whatever version of the code. */
  public boolean made(Manifest manifest) {
    return manifest.key().equals(key(manifest.version()));
  }
}
