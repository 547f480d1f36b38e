package org.onemall.mall.tables;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.onemall.mall.world.WorldParameters;

/** The README.md of a world: what was simulated, how, and how to open it. */
public final class DataCard {
  private DataCard() {}

  public static String of(WorldParameters parameters, GenerationSummary summary) {
    try (InputStream in = DataCard.class.getResourceAsStream("data-card.md")) {
      if (in == null) {
        throw new IllegalStateException("data-card.md is not on the class path");
      }
      // The CPU time differs from run to run, a world's files must not
      int lines = summary.lines().size() - 2;
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("{parameters}", parameters.toString())
          .replace("{summary}", String.join("\n", summary.lines().subList(0, lines)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
