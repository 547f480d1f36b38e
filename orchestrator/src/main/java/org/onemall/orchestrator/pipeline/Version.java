package org.onemall.orchestrator.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of onemall. */
public final class Version {
  private Version() {}

  /** The version that was built. */
  public static String current() {
    try (InputStream in =
        Version.class.getResourceAsStream("/org/onemall/orchestrator/version.txt")) {
      return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
