package org.onemall.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of a text model, as its {@code config.json} names them.
 *
 * @param gated whether it is of the Qwen2 kind (gated feed-forward, grouped keys and values), else
 *     of the BERT kind
 * @param positions of a learned position table; 0 where there is none
 */
record TextShape(
    boolean gated,
    long vocabulary,
    long positions,
    long width,
    long layers,
    long heads,
    long headWidth,
    long keyHeads,
    long hidden) {
  private static final String BUILT = "qwen2:";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long TINY_VOCABULARY = 1_024;

  /** The shape of a backbone; null where its folder isn't there to be read. */
  static @Nullable TextShape of(TokenizerConfig.Encoder encoder) {
    TokenizerConfig.Vision vision = encoder.vision();
    long longest =
        encoder.maxTokens() + 1L + (vision == null ? 0 : (long) vision.frames() * vision.tokens());
    return switch (encoder.backbone()) {
      case "tiny_qwen2" -> new TextShape(true, TINY_VOCABULARY, 0, 64, 2, 4, 16, 2, 128);
      case "tiny_bert" -> new TextShape(false, TINY_VOCABULARY, longest, 64, 2, 4, 16, 4, 128);
      case "minilm" -> new TextShape(false, 30_522, 512, 384, 6, 12, 32, 12, 1_536);
      default -> ofConfig(encoder.backbone());
    };
  }

  private static @Nullable TextShape ofConfig(String backbone) {
    try {
      if (backbone.startsWith(BUILT)) {
        return ofConfig(JSON.readTree(backbone.substring(BUILT.length())), true);
      }
      Path file = Path.of(backbone).resolve("config.json");
      if (!Files.isRegularFile(file)) {
        return null;
      }
      JsonNode config = JSON.readTree(file.toFile());
      return ofConfig(config, config.path("model_type").asText().startsWith("qwen"));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "tokenizer.encoder.backbone: expected JSON of a config, found %s: %s"
              .formatted(backbone, e.getMessage()),
          e);
    }
  }

  /** Defaults are those of transformers. */
  private static TextShape ofConfig(JsonNode config, boolean gated) {
    long width = config.path("hidden_size").asLong(gated ? 4_096 : 768);
    long heads = config.path("num_attention_heads").asLong(gated ? 32 : 12);
    return new TextShape(
        gated,
        config.path("vocab_size").asLong(gated ? 151_936 : 30_522),
        gated ? 0 : config.path("max_position_embeddings").asLong(512),
        width,
        config.path("num_hidden_layers").asLong(gated ? 32 : 12),
        heads,
        config.path("head_dim").asLong(width / heads),
        gated ? config.path("num_key_value_heads").asLong(32) : heads,
        config.path("intermediate_size").asLong(gated ? 22_016 : 3_072));
  }

  /** Weights outside the layers; the table of tokens costs no multiplications. */
  long outside() {
    long rest = gated ? width : (positions + 2 + 2) * width;
    return vocabulary * width + rest;
  }

  long layer() {
    long inner = heads * headWidth;
    long keys = keyHeads * headWidth;
    return gated
        ? (width + 1) * inner
            + 2 * (width + 1) * keys
            + inner * width
            + 3 * width * hidden
            + 2 * width
        : 4 * (width + 1) * width + 2 * width * hidden + hidden + width + 4 * width;
  }

  long parameters() {
    return outside() + layers * layer();
  }

  /** Adapters on every linear layer. */
  long adapters(long rank) {
    long inner = heads * headWidth;
    long keys = keyHeads * headWidth;
    long sides =
        gated
            ? 2 * (width + inner) + 2 * (width + keys) + 3 * (width + hidden)
            : 8 * width + 2 * (width + hidden);
    return rank * sides * layers;
  }
}
