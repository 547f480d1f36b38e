package org.onemall.tokenizer;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code tokenizer.json} tells about the weights beside it.
 *
 * @param backbone that was tuned
 * @param width of an item's vector
 * @param steps of training
 * @param losses of each step; empty where the text model was taken as it is
 */
public record TokenizerCard(String backbone, int width, int steps, List<Double> losses) {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  public TokenizerCard {
    if (width < 1) {
      throw new IllegalArgumentException(
          "tokenizer: expected a width of 1 or more, found " + width);
    }
    losses = List.copyOf(losses);
  }

  /** Writes JSON; the stream stays the caller's to close. */
  public void write(OutputStream out) throws IOException {
    out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
  }

  /** Reads what {@link #write} wrote. */
  public static TokenizerCard read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), TokenizerCard.class);
  }
}
