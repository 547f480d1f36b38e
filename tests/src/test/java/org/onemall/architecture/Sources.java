package org.onemall.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's files, as the rules read them. */
final class Sources {
  /** The repository's root, given by the build. */
  static final Path ROOT =
      Path.of(System.getProperty("onemall.root", ".")).toAbsolutePath().normalize();

  private static final List<String> JAVA_ROOTS =
      List.of(
          "java/core",
          "java/ingest",
          "java/bridge",
          "java/mall",
          "java/report",
          "java/serve",
          "orchestrator");

  private Sources() {}

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String architecture() {
    return read(ROOT.resolve("ARCHITECTURE.md"));
  }

  /** Production Java files of all modules. */
  static List<Path> java() {
    return JAVA_ROOTS.stream()
        .map(root -> ROOT.resolve(root).resolve("src/main/java"))
        .filter(Files::isDirectory)
        .flatMap(root -> walk(root, ".java"))
        .toList();
  }

  /** The package that a Java file of the project lies in. */
  static String packageOf(Path file) {
    String folder = file.getParent().toString().replace('/', '.').replace('\\', '.');
    return folder.substring(folder.lastIndexOf(".java.") + ".java.".length());
  }

  /** Production Python files. */
  static List<Path> python() {
    return walk(ROOT.resolve("python/onemall"), ".py").toList();
  }

  private static Stream<Path> walk(Path root, String suffix) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
