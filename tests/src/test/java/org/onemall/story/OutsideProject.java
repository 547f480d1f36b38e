package org.onemall.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A Maven project of somebody else's, made of nothing but what README says: coordinates, JVM flags
 * and the Java example. Modules lie in a local repository of its own, as {@code install} would put
 * them, in front of the user's, which isn't written to.
 */
final class OutsideProject {
  private static final Pattern COORDINATES =
      Pattern.compile("`(org[.]onemall):(onemall-[a-z]+):([0-9.]+)`");
  private static final Pattern FLAGS = Pattern.compile("<jvm[.]flags>(.*?)</jvm[.]flags>");

  private final Path folder;
  private final Path repository;
  private final String readme;

  /** Makes the project in an empty folder. */
  OutsideProject(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    repository = folder.resolve("repository");
    readme = Files.readString(Jvm.ROOT.resolve("README.md"));
  }

  /**
   * Compiles README's example and runs it.
   *
   * @param replacements of what the example names, such as its run: from, to, from, to ...
   * @return what it printed
   */
  String run(String... replacements) throws IOException, InterruptedException {
    MatchResult at = COORDINATES.matcher(readme).results().findFirst().orElseThrow();
    Files.writeString(folder.resolve("pom.xml"), pom(at));
    String example = ReadmeTest.block("README.md", "java");
    for (int i = 0; i < replacements.length; i += 2) {
      assertThat(example).contains(replacements[i]);
      example = example.replace(replacements[i], replacements[i + 1]);
    }
    Path source = Files.createDirectories(folder.resolve("src/main/java/com/example"));
    Files.writeString(source.resolve("Lists.java"), main(example));
    install("", at.group(3));
    install("java/core", at.group(3));
    install("java/bridge", at.group(3));
    Path user = Path.of(System.getProperty("user.home"), ".m2", "repository");
    start(
        List.of(
            Jvm.ROOT.resolve("mvnw").toString(),
            "--offline",
            "--batch-mode",
            "--quiet",
            "-Dmaven.repo.local=" + repository,
            "-Dmaven.repo.local.tail=" + System.getProperty("maven.repo.local", user.toString()),
            "-Dmaven.repo.local.tail.ignoreAvailability=true",
            "process-classes"));
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(flags());
    java.add("-cp");
    java.add("target/classes:" + Files.readString(folder.resolve("target/classpath")));
    java.add("com.example.Lists");
    return start(java);
  }

  private static String pom(MatchResult coordinates) {
    return """
    <project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>com.example</groupId>
      <artifactId>shop</artifactId>
      <version>1</version>
      <properties><maven.compiler.release>25</maven.compiler.release></properties>
      <dependencies>
        <dependency>
          <groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>
        </dependency>
      </dependencies>
      <build>
        <plugins>
          <plugin><artifactId>maven-resources-plugin</artifactId><version>3.4.0</version></plugin>
          <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.16.0</version></plugin>
          <plugin>
            <artifactId>maven-dependency-plugin</artifactId>
            <version>3.10.0</version>
            <executions>
              <execution>
                <phase>process-classes</phase>
                <goals><goal>build-classpath</goal></goals>
                <configuration><outputFile>target/classpath</outputFile></configuration>
              </execution>
            </executions>
          </plugin>
        </plugins>
      </build>
    </project>
    """
        .formatted(coordinates.group(1), coordinates.group(2), coordinates.group(3));
  }

  private static String main(String example) {
    return """
    package com.example;

    import java.nio.file.Path;
    import java.util.List;
    import org.apache.arrow.memory.RootAllocator;
    import org.onemall.bridge.PythonModels;
    import org.onemall.model.Device;
    import org.onemall.recommend.Recommender;
    import org.onemall.sample.Event;
    import org.onemall.shop.*;

    public final class Lists {
      public static void main(String[] args) throws Exception {
    %s
      }
    }
    """
        .formatted(example);
  }

  /** Those of pom.xml, to which README refers. */
  private List<String> flags() throws IOException {
    assertThat(readme).contains("`jvm.flags` in `pom.xml`");
    Matcher flags = FLAGS.matcher(Files.readString(Jvm.ROOT.resolve("pom.xml")));
    assertThat(flags.find()).isTrue();
    return List.of(flags.group(1).split(" ", -1));
  }

  private String start(List<String> command) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(out.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("%s ends", command.getFirst()).isTrue();
    String said = Files.readString(out);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  private void install(String module, String version) throws IOException {
    Path from = Jvm.ROOT.resolve(module);
    String artifact =
        module.isEmpty() ? "onemall" : "onemall-" + module.substring(module.indexOf('/') + 1);
    Path to =
        Files.createDirectories(repository.resolve("org/onemall/" + artifact + "/" + version));
    Files.copy(from.resolve("pom.xml"), to.resolve(artifact + "-" + version + ".pom"));
    if (!module.isEmpty()) {
      jar(from.resolve("target/classes"), to.resolve(artifact + "-" + version + ".jar"));
    }
  }

  private static void jar(Path classes, Path to) throws IOException {
    try (OutputStream out = Files.newOutputStream(to);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }
}
