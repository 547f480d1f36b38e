package org.onemall.orchestrator.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of onemall, and that of its code. */
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

  /**
   * The hash of the code that runs: the launcher takes it from the sources of both languages and
   * gives it as {@code onemall.code}.
   *
   * @throws IllegalStateException where nobody gave it
   */
  public static String ofCode() {
    String hash = System.getProperty("onemall.code");
    if (hash == null) {
      throw new IllegalStateException(
          "the code's version is not known, so that what it makes could be taken for what other code"
              + " made: start through ./onemall, or with -Donemall.code= and a name that changes with"
              + " the code");
    }
    return hash;
  }
}
