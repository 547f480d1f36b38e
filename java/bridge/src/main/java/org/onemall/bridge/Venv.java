package org.onemall.bridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Python virtual environment with jep and our package in it. */
public record Venv(Path root) {
  private static final String FIX = "run ./onemall once: it makes the environment";

  public Venv {
    root = root.toAbsolutePath().normalize();
    if (!Files.isRegularFile(root.resolve("pyvenv.cfg"))) {
      throw new IllegalArgumentException(
          "python: expected a virtual environment at %s, found none: %s".formatted(root, FIX));
    }
  }

  /** The interpreter; Python finds its packages by this path. */
  Path program() {
    return root.resolve("bin").resolve("python3");
  }

  /** The native half of jep, built against this environment's Python. */
  Path jepLibrary() {
    try (DirectoryStream<Path> versions =
        Files.newDirectoryStream(root.resolve("lib"), "python3.*")) {
      for (Path version : versions) {
        for (String name : new String[] {"libjep.so", "libjep.jnilib"}) {
          Path library = version.resolve("site-packages").resolve("jep").resolve(name);
          if (Files.isRegularFile(library)) {
            return library;
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException(
        "python: expected lib/python3.*/site-packages/jep/libjep.so in %s, found none: %s"
            .formatted(root, FIX));
  }
}
