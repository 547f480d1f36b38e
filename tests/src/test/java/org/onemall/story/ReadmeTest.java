package org.onemall.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * ARCHITECTURE's Java runs, README's config is accepted; README's Java needs a finished run and
 * runs in {@link StoryTest}.
 */
class ReadmeTest {
  @TempDir Path folder;

  @Test
  void theJavaExampleCompilesAndRuns() throws Exception {
    Path source = folder.resolve("Example.java");
    Files.writeString(
        source,
        """
        import java.util.List;
        import java.util.Random;
        import org.apache.arrow.memory.RootAllocator;
        import org.onemall.beam.Trie;
        import org.onemall.codebook.*;
        import org.onemall.semanticid.*;
        import org.onemall.tensor.*;
        public final class Example {
          public static void main(String[] args) {
        %s
          }
        }
        """
            .formatted(block("ARCHITECTURE.md", "java")));
    String classPath = System.getProperty("java.class.path");
    compile(source);
    Path out = folder.resolve("out");
    Process process =
        Jvm.command(List.of("-cp", folder + ":" + classPath), List.of("Example"))
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(out)).matches("(?s).*\\b(1\\d\\d|2[0-5]\\d) SIDs for 1000 items.*");
  }

  @Test
  void theShownConfigIsComplete() throws IOException, InterruptedException {
    Path config =
        Files.writeString(
            folder.resolve("my_shop.yaml"),
            block("README.md", "yaml")
                .replace("orders.parquet", folder.resolve("orders.parquet").toString()));
    Files.write(folder.resolve("orders.parquet"), new byte[] {1});
    Path out = folder.resolve("out");
    Process process =
        Jvm.onemall(
                "run", config.toString(), "--dry-run", "--out", folder.resolve("run").toString())
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(Files.readString(out)).contains("ingest").contains("report");
  }

  private void compile(Path source) {
    String classPath = System.getProperty("java.class.path");
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", classPath, "-d", folder.toString(), source.toString());
    assertThat(compiled).isZero();
  }

  /** The first block of a language in a paper. */
  static String block(String paper, String language) throws IOException {
    String text = Files.readString(Jvm.ROOT.resolve(paper));
    Matcher matcher =
        Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL).matcher(text);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
