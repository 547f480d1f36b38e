package org.onemall.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.onemall.config.ConfigWriter;

/**
 * What a finished stage left: its presence is what makes the stage's artefacts count.
 *
 * @param key hash of all that the stage's result depends on
 * @param inputs what it was fed
 * @param artefacts by file name
 */
public record Manifest(
    String stage, String key, List<StageInput> inputs, Map<String, FileHash> artefacts) {
  /** Raised when folders written by an older version can't be taken over. */
  static final int FORMAT = 1;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  public Manifest {
    inputs = List.copyOf(inputs);
    artefacts = Collections.unmodifiableMap(new TreeMap<>(artefacts));
  }

  /**
   * The key of a stage: equal keys promise equal artefacts.
   *
   * @param sources hashes of the files from outside the run that it reads
   */
  public static String key(
      String stage, Object settings, long seed, List<StageInput> inputs, List<String> sources) {
    return Sha256.of(
        ConfigWriter.json(
            Map.of(
                "format", FORMAT,
                "stage", stage,
                "settings", settings,
                "seed", seed,
                "inputs", inputs,
                "sources", sources)));
  }

  /** JSON that carries its own hash. */
  String toJson() {
    String content = ConfigWriter.json(this);
    return "{\"format\":%d,\"sha256\":\"%s\",\"manifest\":%s}\n"
        .formatted(FORMAT, Sha256.of(content), content);
  }

  /**
   * Reads {@link #toJson}.
   *
   * @throws IllegalArgumentException where it is damaged or of another format
   */
  static Manifest fromJson(String text) {
    try {
      JsonNode root = JSON.readTree(text);
      if (root.path("format").asInt() != FORMAT) {
        throw new IllegalArgumentException(
            "expected format %d, found %s".formatted(FORMAT, root.path("format")));
      }
      Manifest manifest = JSON.treeToValue(root.path("manifest"), Manifest.class);
      if (!Sha256.of(ConfigWriter.json(manifest)).equals(root.path("sha256").asText())) {
        throw new IllegalArgumentException("its content doesn't have the hash that it carries");
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not the JSON of a manifest: " + e.getOriginalMessage(), e);
    }
  }
}
