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
 * @param key hash of all that the stage's result depends on: {@link Recipe} and version
 * @param version of the code that made it
 * @param inputs what it was fed
 * @param artefacts by file name
 */
public record Manifest(
    String stage,
    String key,
    String version,
    List<StageInput> inputs,
    Map<String, FileHash> artefacts) {
  /** Raised when folders written by an older version can't be taken over. */
  static final int FORMAT = 2;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  public Manifest {
    inputs = List.copyOf(inputs);
    artefacts = Collections.unmodifiableMap(new TreeMap<>(artefacts));
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
   * @throws IllegalArgumentException that says how it is damaged, or that it is of another format
   */
  static Manifest fromJson(String text) {
    try {
      JsonNode root = JSON.readTree(text);
      if (root.path("format").asInt() != FORMAT) {
        throw new IllegalArgumentException(
            "is damaged or was written by another version of onemall: expected format %d, found %s"
                .formatted(FORMAT, root.path("format")));
      }
      Manifest manifest = JSON.treeToValue(root.path("manifest"), Manifest.class);
      if (!Sha256.of(ConfigWriter.json(manifest)).equals(root.path("sha256").asText())) {
        throw new IllegalArgumentException(
            "is damaged: its content doesn't have the hash that it carries");
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "is damaged: not the JSON of a manifest: " + e.getOriginalMessage(), e);
    }
  }
}
