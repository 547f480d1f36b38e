package org.onemall.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sizes of a Swin, as its {@code config.json} names them. */
record SwinShape(
    boolean built,
    long image,
    long patch,
    long width,
    List<Long> depths,
    List<Long> heads,
    long window,
    double ratio) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The shape; null where its folder isn't there to be read. */
  static @Nullable SwinShape of(TokenizerConfig.Vision vision) {
    boolean built = vision.built();
    try {
      if (built) {
        return of(
            JSON.readTree(vision.backbone().substring(TokenizerConfig.Vision.BUILT.length())),
            true);
      }
      Path file = Path.of(vision.backbone()).resolve("config.json");
      return Files.isRegularFile(file) ? of(JSON.readTree(file.toFile()), false) : null;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "tokenizer.encoder.vision.backbone: expected JSON of a Swin's config, found %s: %s"
              .formatted(vision.backbone(), e.getMessage()),
          e);
    }
  }

  /** Defaults are those of transformers. */
  private static SwinShape of(JsonNode config, boolean built) {
    return new SwinShape(
        built,
        config.path("image_size").asLong(224),
        config.path("patch_size").asLong(4),
        config.path("embed_dim").asLong(96),
        numbers(config.path("depths"), List.of(2L, 2L, 6L, 2L)),
        numbers(config.path("num_heads"), List.of(3L, 6L, 12L, 24L)),
        config.path("window_size").asLong(7),
        config.path("mlp_ratio").asDouble(4));
  }

  private static List<Long> numbers(JsonNode list, List<Long> standard) {
    List<Long> numbers = new ArrayList<>();
    list.forEach(number -> numbers.add(number.asLong()));
    return numbers.isEmpty() ? standard : List.copyOf(numbers);
  }

  /** Width of the last stage. */
  long lastWidth() {
    return width << (depths.size() - 1);
  }

  private long block(int stage) {
    long w = width << stage;
    long inner = (long) (ratio * w);
    long biases = (2 * window - 1) * (2 * window - 1) * heads.get(stage);
    return 4 * (w + 1) * w + biases + 2 * w * inner + inner + w + 4 * w;
  }

  /** Halves the grid and doubles the width. */
  private long merge(int stage) {
    long w = width << stage;
    return stage + 1 < depths.size() ? 8 * w * w + 8 * w : 0;
  }

  long parameters() {
    long sum = 3 * patch * patch * width + 3 * width + 2 * lastWidth();
    for (int stage = 0; stage < depths.size(); stage++) {
      sum += depths.get(stage) * block(stage) + merge(stage);
    }
    return sum;
  }

  /** FLOPs of one picture forward: 2 a weight and cell, and attention inside windows. */
  double forwardFlops() {
    long side = Math.ceilDiv(image, patch);
    double flops = 2.0 * 3 * patch * patch * width * side * side;
    for (int stage = 0; stage < depths.size(); stage++) {
      long w = width << stage;
      double cells = (double) side * side;
      double matrices = 4.0 * w * w + 2.0 * ratio * w * w;
      flops += depths.get(stage) * cells * (2 * matrices + 4.0 * window * window * w);
      side = stage + 1 < depths.size() ? Math.ceilDiv(side, 2) : side;
      flops += 2.0 * merge(stage) * side * side;
    }
    return flops;
  }
}
