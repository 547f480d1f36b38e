package org.onemall.story;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Child JVMs with the flags of the launcher. */
final class Jvm {
  /** The repository's root. */
  static final Path ROOT =
      Path.of(System.getProperty("onemall.root", ".")).toAbsolutePath().normalize();

  private Jvm() {}

  /** {@code onemall} with these words, in a process of its own that can be killed. */
  static ProcessBuilder onemall(String... words) {
    List<String> all = new ArrayList<>(List.of("org.onemall.orchestrator.cli.Main"));
    all.addAll(List.of(words));
    return command(List.of("-cp", System.getProperty("java.class.path")), all);
  }

  /** A JVM; its errors go where the test's go. */
  static ProcessBuilder command(List<String> flags, List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--add-modules=jdk.incubator.vector");
    command.add("-Donemall.root=" + ROOT);
    command.add("-Donemall.code=test");
    command.addAll(flags);
    command.addAll(words);
    return new ProcessBuilder(command)
        .directory(ROOT.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
